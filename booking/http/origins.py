"""The origin of the page that a request comes from, as far as the browser says."""

from collections.abc import Mapping
from typing import Any

_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def is_foreign(environ: Mapping[str, Any]) -> bool:
    """Return whether a page of another origin sent the request, according to the browser.

    Such a request must not act for the browser's owner: it neither uses nor sets the cookie. Other
    programs than browsers do not name an origin, so they are never foreign.
    """
    site = environ.get("HTTP_SEC_FETCH_SITE")
    if site is not None:
        # No page can forge this header. Unlike Origin, it need not be compared with a Host that a
        # proxy may have changed. "none" means that a person typed the address. "same-site" is a
        # neighbouring subdomain, which may belong to anybody.
        return site not in ("same-origin", "none")
    origin = environ.get("HTTP_ORIGIN")
    return origin is not None and origin.lower() != own_origin(environ)


def own_origin(environ: Mapping[str, Any]) -> str:
    """Return the origin of our own pages, as the client addresses them."""
    scheme = environ["wsgi.url_scheme"]
    host = environ.get("HTTP_HOST", "").lower()
    return f"{scheme}://{host.removesuffix(_DEFAULT_PORTS[scheme])}"
