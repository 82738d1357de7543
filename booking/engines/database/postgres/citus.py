"""Spread the tables over the nodes of Citus, an extension of PostgreSQL: each event lives on one.

All that a call touches belongs to one event, so no transaction concerns two nodes. The functions
are described in https://docs.citusdata.com/en/stable/develop/api_udf.html.
"""

from collections.abc import Iterator

from booking.engines.database.connection import CannotOpen
from booking.engines.database.postgres.database import PostgresDatabase

_UNDISTRIBUTED = """
SELECT relname AS name, EXISTS (
    SELECT FROM pg_attribute WHERE attrelid = pg_class.oid AND attname = 'event'
) AS of_events
FROM pg_class
WHERE relkind = 'r'
    AND relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('event'))
    AND NOT EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = pg_class.oid)
ORDER BY relname <> 'event', relname
"""

# What was in the table is moved to the nodes; the empty shell that stays here is emptied, too.
_BY_EVENT = """
SELECT create_distributed_table(%(name)s, 'event', colocate_with => %(beside)s),
       truncate_local_data_after_distributing_table(%(name)s)
"""
_ON_EVERY_NODE = """
SELECT create_reference_table(%(name)s), truncate_local_data_after_distributing_table(%(name)s)
"""


def distribute(database: PostgresDatabase) -> Iterator[str]:
    """Distribute the tables that are not distributed yet, and yield the name of each that is.

    Tables of events are distributed by the event. Those that belong to no event are small, and
    every node gets a copy.

    Raises:
        CannotOpen: the database has no Citus, or no tables yet.
        Unavailable: a table could not be distributed. Those before it are.
    """
    with database.transaction(writing=False) as transaction:
        if not transaction.query("SELECT FROM pg_extension WHERE extname = 'citus'"):
            raise CannotOpen(
                f"The database {database.name} has no Citus. Install it on the server, and run"
                " CREATE EXTENSION citus there as a superuser."
            )
        if not transaction.columns("event"):
            raise CannotOpen(
                f"The database {database.name} has no tables yet. Run"
                " “flask --app wsgi booking database upgrade” first."
            )
        tables = transaction.query(_UNDISTRIBUTED)
    for table in tables:
        name, beside = table["name"], "none" if table["name"] == "event" else "event"
        with database.transaction(writing=True, long=True) as transaction:
            if table["of_events"]:
                transaction.query(_BY_EVENT, name=name, beside=beside)
            else:
                transaction.query(_ON_EVERY_NODE, name=name)
        yield name
