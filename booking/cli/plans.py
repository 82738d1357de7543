"""Commands for seat plans, which need neither a service nor a database."""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import click

from booking.http import strict_json
from booking.plans import drawing, mistakes, reading, same_labels, table
from booking.plans.model import Plan
from booking.plans.remarks import remarks
from booking.plans.repair import repaired
from booking.plans.texts import printable

_same_labels_option = click.option(
    "--allow-same-labels",
    is_flag=True,
    help="People may read two seats as the same one, as in an event that allows it.",
)


@click.group("plan")
def plan_group() -> None:
    """Check, draw, mend and make seat plans."""


@plan_group.command("check")
@click.argument("file")
@_same_labels_option
def check_plan(file: str, *, allow_same_labels: bool) -> None:
    """Say what is wrong with the seat plan in FILE (- is standard input), or what is in it."""
    plan = read_plan(read_file(file), file, allow_same_labels=allow_same_labels)
    rows = sum(len(zone.rows) for zone in plan.zones)
    seats = _count(len(plan.seats), "seat")
    click.echo(f"{file} is a plan of {seats} in {_count(rows, 'row')}.")
    x, y = plan.front.point
    click.echo(printable(f"The front is {plan.front.in_words}, at ({x:g}, {y:g})."))
    for note in mistakes.told([*remarks(plan), *same_labels.found(plan)])[0]:
        click.echo(f"Note: {note}.")


@plan_group.command("draw")
@click.argument("file")
@click.option("--svg", metavar="FILE", help="Write a picture there, instead of to the terminal.")
@_same_labels_option
def draw_plan(file: str, svg: str | None, *, allow_same_labels: bool) -> None:
    """Draw the seat plan in FILE (- is standard input)."""
    plan = read_plan(read_file(file), file, allow_same_labels=allow_same_labels)
    if svg is None:
        picture = drawing.in_characters(plan, shutil.get_terminal_size().columns)
        encoding = sys.stdout.encoding or "ascii"
        click.echo(picture.encode(encoding, "replace").decode(encoding))
        return
    _write(svg, drawing.in_svg(plan))
    click.echo(f"Drew {_count(len(plan.seats), 'seat')} in {svg}.")


@plan_group.command("repair")
@click.argument("file")
@click.option("-o", "output", metavar="FILE", required=True, help="Write the mended plan there.")
def repair_plan(file: str, output: str) -> None:
    """Mend what can be mended without guessing in the seat plan in FILE (- is standard input):
    seats get an id and a category of their own."""
    data = _read_bytes(file)
    document, done = repaired(_parsed(data, file))
    if data.startswith(b"\xef\xbb\xbf"):
        done.insert(0, "took the byte order mark away")
    _write(output, json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    for what in done or ["found nothing to mend"]:
        click.echo(printable(what), err=output == "-")
    read_plan(document, output, allow_same_labels=True)


@plan_group.command("from-csv")
@click.argument("file")
@click.option("-o", "output", metavar="FILE", default="-", help="Write the plan there.")
@click.option("--name", default="", help="What people call the house.")
def plan_from_csv(file: str, output: str, name: str) -> None:
    """Make a seat plan of the table in FILE (- is standard input): a line for each seat, with the
    columns section, row, seat, x, y and category. Only row and seat are needed."""
    try:
        text = _read_bytes(file).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise click.ClickException(f"{file} is not in UTF-8. Save it as “CSV UTF-8”.") from None
    try:
        document = table.document_of(text, name)
    except reading.PlanError as error:
        raise _refusal(error, file) from None
    plan = read_plan(document, file)
    _write(output, json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    if output != "-":
        click.echo(f"{output} is a plan of {_count(len(plan.seats), 'seat')}.")


def read_file(file: str) -> Any:
    """The JSON document in a file. Raises ClickException."""
    return _parsed(_read_bytes(file), file)


def read_plan(document: Any, file: str, *, allow_same_labels: bool = False) -> Plan:
    """The seat plan that a document of a file is. Raises ClickException."""
    try:
        return reading.read(document, allow_same_labels=allow_same_labels)
    except reading.PlanError as error:
        raise _refusal(error, file) from None


def _refusal(error: reading.PlanError, file: str) -> click.ClickException:
    heading = f"{file} has {_count(error.count, 'mistake')}:"
    return click.ClickException("\n".join([heading, *error.mistakes]))


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def _read_bytes(file: str) -> bytes:
    try:
        with click.open_file(file, "rb") as stream:
            data: bytes = stream.read()
    except OSError as error:
        raise click.ClickException(f"Cannot read {file}: {error.strerror}.") from None
    return data


def _parsed(data: bytes, file: str) -> Any:
    try:
        return strict_json.loads(data, with_places=True)
    except ValueError as error:
        raise click.ClickException(f"{file} is not JSON: {error}.") from None


def _write(file: str, text: str) -> None:
    if file == "-":
        click.echo(text, nl=False)
        return
    try:
        Path(file).write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"Cannot write {file}: {error.strerror}.") from None
