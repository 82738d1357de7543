"""Commands for the events of a running service, through its HTTP API."""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlencode

import click

from booking.cli.plans import read_file, read_plan
from booking.cli.service import Service, default_url
from booking.domain import identifiers
from booking.plans.texts import printable

_Command = TypeVar("_Command", bound=Callable[..., None])

_url_option = click.option(
    "--url",
    default=default_url,
    help="Where the service is.  [default: by BOOKING_HOST and BOOKING_PORT]",
)


@click.command("events")
@_url_option
def list_events(url: str) -> None:
    """List the events of a running service."""
    service = Service(url)
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
            raise service.stranger() from None
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


_PLAN_OPTIONS = (
    click.option("--plan", "plan_file", metavar="FILE", help="A seat plan, such as pretix writes."),
    click.option("--grid", metavar="ROWSxSEATS", help="Rows of so many seats each, such as 12x20."),
    click.option("--count", type=int, metavar="SEATS", help="So many seats."),
    click.option(
        "--allow-same-labels",
        is_flag=True,
        default=None,
        help="People may read two seats of the plan as the same one.",
    ),
)
_TIME_OPTIONS = (
    click.option("--name", help="What people call it."),
    click.option("--starts-at", metavar="TIME", help="Such as 2027-01-31T19:30:00+01:00."),
    click.option("--on-sale-from", metavar="TIME", help="When seats can be locked from."),
    click.option("--on-sale-until", metavar="TIME", help="When seats can be locked until."),
)
_DETAIL_OPTIONS = (
    *_TIME_OPTIONS,
    click.option("--time-zone", metavar="ZONE", help="Of the venue, such as Europe/Berlin."),
    click.option(
        "--forbid-single-seats/--allow-single-seats",
        default=None,
        help="Whether bookings that leave a seat on its own are refused.",
    ),
)


def _with(*options: Callable[[_Command], _Command]) -> Callable[[_Command], _Command]:
    def add(command: _Command) -> _Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


@click.command("open")
@click.argument("event")
@_with(*_PLAN_OPTIONS, *_DETAIL_OPTIONS, _url_option)
def open_event(event: str, url: str, **options: Any) -> None:
    """Open an event: EVENT is its id. Everything that you leave out has its default.

    The token of the administrator is taken from BOOKING_ADMIN_TOKEN.
    """
    document = _document(event, options)
    if "plan" not in document:
        raise click.UsageError(
            f"Say which seats {event} has, with --plan, --grid or --count. To change an event that"
            " there is already, use “change”."
        )
    _open(Service(url), event, document)


@click.command("change")
@click.argument("event")
@_with(*_PLAN_OPTIONS, *_DETAIL_OPTIONS, _url_option)
def change_event(event: str, url: str, **options: Any) -> None:
    """Change an event: EVENT is its id. Everything that you leave out stays as it is.

    The token of the administrator is taken from BOOKING_ADMIN_TOKEN.
    """
    document = _document(event, options)
    if not document:
        raise click.UsageError("Say what is to change: --help lists what can.")
    service = Service(url)
    _tell(service, service.call("PATCH", f"/events/{event}", document))


@click.command("copy")
@click.argument("source")
@click.argument("event")
@_with(*_TIME_OPTIONS, _url_option)
def copy_event(source: str, event: str, url: str, **options: Any) -> None:
    """Open an event like another one: EVENT is its id, and SOURCE that of the other. It has the
    plan, the seats off sale and the policy of SOURCE, and no times but those that you give.

    The token of the administrator is taken from BOOKING_ADMIN_TOKEN.
    """
    details = _document(event, options)
    _expect_event_id(source)
    service = Service(url)
    try:
        document = service.call("GET", f"/events/{source}", authorized=True)
        document = {name: document[name] for name in _COPIED}
        document["policy"].pop("cancel_until")
        if document["name"] == source:
            del document["name"]  # Nobody gave it one.
        document |= details
        document["plan"] = service.call("GET", f"/events/{source}/plan")
        document["allow_same_labels"] = True  # As the original was allowed to have them.
        blocks = service.call("GET", f"/events/{source}/blocks", authorized=True)["blocks"]
        off_sale = sum(len(block["seats"]) for block in blocks)
    except (KeyError, TypeError, AttributeError):
        raise service.stranger() from None
    _open(service, event, document)
    for block in blocks:
        for start in range(0, len(block["seats"]), _BLOCKED_AT_ONCE):
            some = block | {"seats": block["seats"][start : start + _BLOCKED_AT_ONCE]}
            service.call("POST", f"/events/{event}/block", some)
    if off_sale:
        click.echo(f"{off_sale:,} of its seats are off sale.")


_COPIED = ("name", "time_zone", "policy")
_BLOCKED_AT_ONCE = 200
"""Ids of seats are up to 190 characters long, and a body up to 64 KB."""


def _document(event: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """What the options say of an event."""
    _expect_event_id(event)
    document = {name: value for name, value in options.items() if value is not None}
    single_seats = document.pop("forbid_single_seats", None)
    if single_seats is not None:
        document["policy"] = {"forbid_single_seats": single_seats}
    given = [name for name in ("plan_file", "grid", "count") if name in document]
    if len(given) > 1:
        raise click.UsageError("Give one of --plan, --grid and --count.")
    if given:
        same_labels = document.get("allow_same_labels", False)
        document["plan"] = _PLANS[given[0]](document.pop(given[0]), same_labels)
    elif "allow_same_labels" in document:
        raise click.UsageError("--allow-same-labels is about a plan: give --plan, too.")
    return document


def _expect_event_id(event: str) -> None:
    if not identifiers.is_event_id(event):
        raise click.BadParameter(
            f"{event!r} cannot be the id of an event, which is {identifiers.IN_WORDS}."
        )


def _plan_from_file(file: str, same_labels: bool) -> Any:  # noqa: FBT001
    plan = read_file(file)
    read_plan(plan, file, allow_same_labels=same_labels)
    return plan


def _plan_of_grid(grid: str, _: bool) -> dict[str, Any]:  # noqa: FBT001
    numbers = re.fullmatch(r"([0-9]{1,6})x([0-9]{1,6})", grid)
    if numbers is None:
        raise click.BadParameter(f"{grid!r} is not like 12x20: rows, x, seats in each.")
    return {"grid": {"rows": int(numbers[1]), "seats_per_row": int(numbers[2])}}


_PLANS: dict[str, Callable[[Any, bool], Any]] = {
    "plan_file": _plan_from_file,
    "grid": _plan_of_grid,
    "count": lambda seats, _: {"count": seats},
}


def _open(service: Service, event: str, document: Mapping[str, Any]) -> None:
    """Open an event, unless there is one of that id."""
    answer = service.call("PUT", f"/events/{event}", document, {"If-None-Match": "*"})
    _tell(service, answer)


def _tell(service: Service, answer: Any) -> None:
    try:
        click.echo(printable(f"{answer['message']} It has {answer['seats']['total']:,} seats."))
    except (KeyError, TypeError, ValueError):
        raise service.stranger() from None
