"""Commands for the keys of a running service, through its HTTP API."""

from urllib.parse import quote

import click

from booking.cli.service import Service, default_url
from booking.domain.keys import Scope
from booking.plans.texts import printable

_url_option = click.option(
    "--url",
    default=default_url,
    help="Where the service is.  [default: by BOOKING_HOST and BOOKING_PORT]",
)


@click.command("keys")
@_url_option
def list_keys(url: str) -> None:
    """List the keys of a running service, without their tokens."""
    service = Service(url)
    answer = service.call("GET", "/keys", authorized=True)
    try:
        for key in answer["keys"]:
            events = "all events" if key["events"] is None else ", ".join(key["events"])
            until = "" if key["until"] is None else f", until {key['until']}"
            scopes = ", ".join(key["scopes"])
            click.echo(printable(f"{key['key']}: {scopes} for {events or 'no event'}{until}"))
    except (KeyError, TypeError):
        raise service.stranger() from None


@click.command("key")
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice([scope.value for scope in Scope]),
    help="What the key is good for. Can be given several times.",
)
@click.option("--event", "events", multiple=True, help="For which event; without, for all.")
@click.option("--until", metavar="TIME", help="Until when; without, for ever.")
@_url_option
def make_key(
    name: str, scopes: tuple[str, ...], events: tuple[str, ...], until: str | None, url: str
) -> None:
    """Make a key, or change what the key NAME is good for. The token of a new key is shown once.

    The token of the administrator is taken from BOOKING_ADMIN_TOKEN.
    """
    document = {"scopes": scopes, "events": events or None, "until": until}
    _tell(Service(url), "PUT", name, document)


@click.command("revoke")
@click.argument("name")
@_url_option
def revoke_key(name: str, url: str) -> None:
    """Revoke the key NAME, at once.

    The token of the administrator is taken from BOOKING_ADMIN_TOKEN.
    """
    _tell(Service(url), "DELETE", name)


def _tell(service: Service, method: str, name: str, document: object = None) -> None:
    answer = service.call(method, f"/keys/{quote(name, safe='')}", document)
    try:
        click.echo(printable(answer["message"]))
        if "token" in answer:
            click.echo(printable(answer["token"]))
    except (KeyError, TypeError):
        raise service.stranger() from None
