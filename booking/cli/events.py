"""Commands for the events of a running service, through its HTTP API.

To change them, they take the administrator's token from the environment.
"""

import http.client
import json
import os
import re
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import click

from booking import ids
from booking.cli.plans import read_file, read_plan
from booking.settings import MAX_EVENT_BYTES, Settings, SettingsError
from booking.texts import printable

_TIMEOUT_SECONDS = 60


class _Service:
    """A running service, as an administrator sees it."""

    def __init__(self, url: str) -> None:
        if not _is_address(url):
            raise click.BadParameter(f"{url!r} is no http:// or https:// address.")
        self._url = url.rstrip("/")

    def call(self, method: str, path: str, body: object = None) -> Any:
        """The answer, a JSON object; what is wrong is said and ends the command."""
        try:
            request = urllib.request.Request(f"{self._url}{path}", method=method)  # noqa: S310
            if body is not None:
                request.add_header("Content-Type", "application/json")
                request.data = _encoded(body)
            if method != "GET":
                # Not to where the service may redirect us.
                request.add_unredirected_header("Authorization", f"Bearer {_admin_token()}")
            with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310
                document = json.load(answer)
        except urllib.error.HTTPError as error:
            told = _NotFound if error.code == 404 else click.ClickException
            raise told(_problem(method, error)) from None
        except urllib.error.URLError as error:
            if isinstance(error.reason, BrokenPipeError | ConnectionResetError):
                raise click.ClickException(
                    f"{self._url} does not take the whole request: it is too large for the service,"
                    " or BOOKING_ADMIN_TOKEN is the wrong token."
                ) from None
            raise click.ClickException(
                f"Cannot reach {self._url}: {error.reason}."
                " Start the service, or say with --url where it is."
            ) from None
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise click.ClickException(
                f"{self._url} does not answer as it should ({type(error).__name__})."
            ) from None
        if not isinstance(document, dict):
            raise click.ClickException(f"{self._url} is not this service.")
        return document

    def has(self, event: str) -> bool:
        """Whether there is such an event."""
        try:
            self.call("GET", f"/events/{event}")
        except _NotFound:
            return False
        return True


def _encoded(body: object) -> bytes:
    data = json.dumps(body).encode()
    if len(data) > MAX_EVENT_BYTES:
        raise click.ClickException(
            f"The plan is too large: a service takes {MAX_EVENT_BYTES // 1024**2} MB at most."
        )
    return data


class _NotFound(click.ClickException):
    """What was asked for is not there."""


def _admin_token() -> str:
    token = os.environ.get("BOOKING_ADMIN_TOKEN", "").strip()
    if not token:
        raise click.ClickException(
            "Only the administrator can do this. Set BOOKING_ADMIN_TOKEN to the service's token."
        )
    return token


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        has_port = parts.port is None or parts.port > 0
    except ValueError:
        return False
    plain = re.fullmatch(r"[!-~]+", url) is not None
    return plain and parts.scheme in ("http", "https") and bool(parts.hostname) and has_port


def _problem(method: str, error: urllib.error.HTTPError) -> str:
    try:
        document = json.load(error)
        lines = [document["detail"], *document.get("mistakes", [])]
    except (OSError, ValueError, KeyError, TypeError, http.client.HTTPException):
        return f"The service answers {error.code} {error.reason}."
    if document.get("code") == "administrator_required":
        return "BOOKING_ADMIN_TOKEN is the wrong token. Set it to the token of the service."
    if document.get("code") == "body_too_large":
        lines.append("Only with the right BOOKING_ADMIN_TOKEN may a plan be larger.")
    if error.code == 404 and method != "GET":
        lines.append("A service that is started without BOOKING_ADMIN_TOKEN has no administrator.")
    return "\n".join(map(printable, map(str, lines)))


def _default_url() -> str:
    try:
        settings = Settings.from_environ(os.environ)
    except SettingsError as error:
        raise click.ClickException(f"{error} Or say with --url where the service is.") from None
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"


_url_option = click.option(
    "--url",
    default=_default_url,
    help="Where the service is.  [default: by BOOKING_HOST and BOOKING_PORT]",
)


@click.command("events")
@_url_option
def list_events(url: str) -> None:
    """List the events of a running service."""
    service = _Service(url)
    rows: list[tuple[str, ...]] = [
        ("EVENT", "NAME", "STARTS AT", "SEATS", "FREE", "LOCKED", "BOOKED")
    ]
    cursor: str | None = ""
    while cursor is not None:
        page = service.call("GET", f"/events?{urlencode({'limit': 1000, 'cursor': cursor})}")
        try:
            rows += [_row(event) for event in page["events"]]
            cursor = page["next_cursor"]
        except (KeyError, TypeError):
            raise click.ClickException(f"{url} is not this service.") from None
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            cell.ljust(width) if index < 3 else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        click.echo("  ".join(cells).rstrip())


def _row(event: Mapping[str, Any]) -> tuple[str, ...]:
    seats = event["seats"]
    numbers = (seats["total"], seats["available"], seats["locked"], seats["booked"])
    cells = (event["event"], event["name"], event["starts_at"] or "", *numbers)
    return tuple(printable(str(cell)) for cell in cells)


@click.command("open")
@click.argument("event")
@click.option("--plan", "plan_file", metavar="FILE", help="A seat plan, such as pretix writes.")
@click.option("--grid", metavar="ROWSxSEATS", help="Rows of so many seats each, such as 12x20.")
@click.option("--count", type=int, metavar="SEATS", help="So many seats.")
@click.option("--name", help="What people call it.")
@click.option("--starts-at", metavar="TIME", help="Such as 2027-01-31T19:30:00Z.")
@click.option("--on-sale-from", metavar="TIME", help="When seats can be locked from.")
@click.option("--on-sale-until", metavar="TIME", help="When seats can be locked until.")
@click.option("--forbid-single-seats", is_flag=True, help="Refuse to leave a seat on its own.")
@_url_option
def open_event(
    event: str,
    plan_file: str | None,
    grid: str | None,
    count: int | None,
    url: str,
    *,
    forbid_single_seats: bool,
    **details: str | None,
) -> None:
    """Open an event, or change one: EVENT is its id. An existing event keeps its plan unless you
    give another. Everything else that you leave out has its default.

    The token of the administrator is taken from BOOKING_ADMIN_TOKEN.
    """
    if not ids.is_id(event):
        raise click.BadParameter(
            f"{event!r} cannot be the id of an event, which is {ids.IN_WORDS}."
        )
    if sum(option is not None for option in (plan_file, grid, count)) > 1:
        raise click.UsageError("Give one of --plan, --grid and --count.")
    document: dict[str, Any] = {name: value for name, value in details.items() if value is not None}
    if plan_file is not None:
        document["plan"] = read_file(plan_file)
        read_plan(document["plan"], plan_file)
    elif grid is not None:
        numbers = re.fullmatch(r"([0-9]{1,6})x([0-9]{1,6})", grid)
        if numbers is None:
            raise click.BadParameter(f"{grid!r} is not like 12x20: rows, x, seats in each.")
        document["plan"] = {"grid": {"rows": int(numbers[1]), "seats_per_row": int(numbers[2])}}
    elif count is not None:
        document["plan"] = {"count": count}
    if forbid_single_seats:
        document["policy"] = {"forbid_single_seats": True}
    service = _Service(url)
    if "plan" not in document and not service.has(event):
        raise click.UsageError(
            f"There is no event {event} yet. Say which seats it has, with --plan, --grid or"
            " --count."
        )
    answer = service.call("PUT", f"/events/{event}", document)
    try:
        click.echo(printable(f"{answer['message']} It has {answer['seats']['total']:,} seats."))
    except (KeyError, TypeError, ValueError):
        raise click.ClickException(f"{url} is not this service.") from None
