"""The commands of ``flask --app wsgi booking``.

Each builds only what it needs: checking a plan opens no application and no database. May import
every room but ``app``.
"""

import click

from booking.cli import database, events, keys, plans


@click.group("booking")
def group() -> None:
    """See and change events, make keys, check and draw seat plans, keep copies of the database."""


for command in (
    events.list_events,
    events.open_event,
    events.change_event,
    events.copy_event,
    keys.list_keys,
    keys.make_key,
    keys.revoke_key,
    database.database_group,
    database.check_database,
    database.back_up,
    database.put_back,
    plans.plan_group,
):
    group.add_command(command)
