"""Commands for seat plans, which need neither a service nor a database."""

import shutil
import sys
from pathlib import Path
from typing import Any

import click

from booking.http import strict_json
from booking.plans import drawing, reading
from booking.plans.model import Plan


@click.group("plan")
def plan_group() -> None:
    """Check and draw seat plans."""


@plan_group.command("check")
@click.argument("file")
def check_plan(file: str) -> None:
    """Say what is wrong with the seat plan in FILE (- is standard input), or what is in it."""
    plan = read_plan(read_file(file), file)
    rows = sum(len(zone.rows) for zone in plan.zones)
    click.echo(f"{file} is a plan of {len(plan.seats):,} seats in {rows:,} rows.")


@plan_group.command("draw")
@click.argument("file")
@click.option("--svg", metavar="FILE", help="Write a picture there, instead of to the terminal.")
def draw_plan(file: str, svg: str | None) -> None:
    """Draw the seat plan in FILE (- is standard input)."""
    plan = read_plan(read_file(file), file)
    if svg is None:
        picture = drawing.in_characters(plan, shutil.get_terminal_size().columns)
        encoding = sys.stdout.encoding or "ascii"
        click.echo(picture.encode(encoding, "replace").decode(encoding))
        return
    try:
        Path(svg).write_text(drawing.in_svg(plan), encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"Cannot write {svg}: {error.strerror}.") from None
    click.echo(f"Drew {len(plan.seats):,} seats in {svg}.")


def read_file(file: str) -> Any:
    """The JSON document in a file. Raises ClickException."""
    try:
        with click.open_file(file, "rb") as stream:
            return strict_json.loads(stream.read())
    except OSError as error:
        raise click.ClickException(f"Cannot read {file}: {error.strerror}.") from None
    except ValueError as error:
        raise click.ClickException(f"{file} is not JSON: {error}.") from None


def read_plan(document: Any, file: str) -> Plan:
    """The seat plan that a document of a file is. Raises ClickException."""
    try:
        return reading.read(document)
    except reading.PlanError as error:
        number = len(error.mistakes)
        heading = f"{file} has {number} {'mistake' if number == 1 else 'mistakes'}:"
        raise click.ClickException("\n".join([heading, *error.mistakes])) from None
