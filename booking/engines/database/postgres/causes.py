"""Why there is no connection to PostgreSQL, in a sentence for the operator."""

import re

import psycopg

from booking.engines.database.postgres.url import PostgresUrl

# What is wrong and what to do, by what the library and the server say. What a server says that was
# reached comes first: other addresses of the same host may have refused.
_CAUSES = {
    r"no pg_hba\.conf entry": (
        "{server} admits no such user from this machine. Let it in with pg_hba.conf, or correct the"
        " user in BOOKING_DATABASE_URL."
    ),
    r"authentication failed|no password supplied|role .* (does not exist|is not permitted)": (
        "{server} refuses the user or the password. Correct them in BOOKING_DATABASE_URL."
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
        "{server} takes no connections yet: it is starting or stopping. Start again when it is up,"
        " or correct BOOKING_DATABASE_URL."
    ),
    r"too many (clients|connections)|remaining connection slots": (
        "{server} takes no more connections. Raise its max_connections, use fewer"
        " BOOKING_PROCESSES, or correct BOOKING_DATABASE_URL."
    ),
    r"session is read-only|hot standby|session is not read-only": (
        "{server} is no server of the kind that target_session_attrs in BOOKING_DATABASE_URL asks"
        " for. Name one that is, or leave target_session_attrs out."
    ),
    r"invalid response to SSL": (
        "What answers at {where} is no PostgreSQL. Correct host and port in BOOKING_DATABASE_URL."
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
    """Why a server cannot be used, and what to do about it, without a secret."""
    text = url.hide(str(error))
    sentence = next(sentence for pattern, sentence in _CAUSES.items() if re.search(pattern, text))
    return sentence.format(
        server=server_name(url),
        where=_where(url),
        database=url.database or "of the user's name",
        text="; ".join(text.split("\n")).rstrip("."),
    )


def server_name(url: PostgresUrl) -> str:
    """The server, to begin a sentence with."""
    return f"PostgreSQL at {_where(url)}"


def _where(url: PostgresUrl) -> str:
    return url.server or "its default address"
