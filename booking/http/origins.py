"""Whose page a request comes from, as far as a browser says so."""

from collections.abc import Mapping
from typing import Any

_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def is_foreign(environ: Mapping[str, Any]) -> bool:
    """Whether a browser says that a page of another origin has sent the request.

    Such a request must not act for the buyer whose browser it is: it neither uses nor sets the
    cookie. Programs say nothing of the kind, so they are never foreign.
    """
    site = environ.get("HTTP_SEC_FETCH_SITE")
    if site is not None:
        # No page can forge it. Unlike an Origin, it need not be compared with a Host that a proxy
        # may have changed. "none" is a person who typed the address in. "same-site" is a
        # neighbouring subdomain, which may belong to anybody.
        return site not in ("same-origin", "none")
    origin = environ.get("HTTP_ORIGIN")
    return origin is not None and origin.lower() != own_origin(environ)


def own_origin(environ: Mapping[str, Any]) -> str:
    """The origin of our own pages, as the client addresses them."""
    scheme = environ["wsgi.url_scheme"]
    host = environ.get("HTTP_HOST", "").lower()
    return f"{scheme}://{host.removesuffix(_DEFAULT_PORTS[scheme])}"
