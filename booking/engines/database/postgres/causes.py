"""Messages that tell the operator why connecting to PostgreSQL failed, and what to do."""

import re

import psycopg

from booking.engines.database.postgres.url import PostgresUrl

# Patterns in messages of libpq and the server, and what to tell the operator. A server's own words
# come first: the message may also say that other addresses of the same host refused.
_CAUSES = {
    r"no pg_hba\.conf entry": (
        "{server} does not let this user in from this machine. Allow it in pg_hba.conf, or correct"
        " the user in BOOKING_DATABASE_URL."
    ),
    r"authentication failed|no password supplied|role .* (does not exist|is not permitted)": (
        "{server} rejects the user or the password. Correct them in BOOKING_DATABASE_URL."
    ),
    r"database .* does not exist": (
        "{server} has no database {database}. Create it with CREATE DATABASE … ENCODING 'UTF8'"
        " TEMPLATE template0, or correct its name in BOOKING_DATABASE_URL."
    ),
    r"permission denied for database": (
        "{server} does not let the user connect to the database {database}. GRANT CONNECT, or"
        " correct BOOKING_DATABASE_URL."
    ),
    r"starting up|shutting down|recovery mode|not yet accepting": (
        "{server} is starting or stopping, and accepts no connections. Try again when it is up,"
        " or correct BOOKING_DATABASE_URL."
    ),
    r"terminating connection": (
        "{server} ended the connection: somebody terminates the connections to it. Try again in a"
        " moment."
    ),
    r"too many (clients|connections)|remaining connection slots": (
        "{server} accepts no more connections. Raise its max_connections, use fewer"
        " BOOKING_PROCESSES, or correct BOOKING_DATABASE_URL."
    ),
    r"session is read-only|hot standby|session is not read-only": (
        "{server} is not the kind of server that target_session_attrs in BOOKING_DATABASE_URL asks"
        " for. Name one that is, or leave target_session_attrs out."
    ),
    r"invalid response to SSL": (
        "The server at {where} is not PostgreSQL. Correct host and port in BOOKING_DATABASE_URL."
    ),
    r"certificate|SSL|\bssl": (
        "{server} cannot be reached over TLS: {text}. Correct sslmode and its certificates in"
        " BOOKING_DATABASE_URL."
    ),
    r"timeout|timed out": (
        "{server} does not answer. Check that it is up and that no firewall is in the way, or"
        " correct host and port in BOOKING_DATABASE_URL."
    ),
    r"Connection refused|No such file or directory|unreachable": (
        "Nothing answers at {where}. Start PostgreSQL there, or correct host and port in"
        " BOOKING_DATABASE_URL."
    ),
    r"resolve host|translate host": (
        "The host in {where} cannot be found. Correct its name in BOOKING_DATABASE_URL."
    ),
    r"": "{server} cannot be used: {text}. Correct BOOKING_DATABASE_URL.",
}


def explain(url: PostgresUrl, error: psycopg.Error) -> str:
    """Say why a server cannot be used and what to do, without revealing secrets."""
    text = url.hide(str(error))
    sentence = next(sentence for pattern, sentence in _CAUSES.items() if re.search(pattern, text))
    return sentence.format(
        server=server_name(url),
        where=_where(url),
        database=url.database or "of the user's name",
        text="; ".join(text.split("\n")).rstrip("."),
    )


def server_name(url: PostgresUrl) -> str:
    """Name the server at the start of a sentence."""
    return f"PostgreSQL at {_where(url)}"


def _where(url: PostgresUrl) -> str:
    return url.server or "its default address"
