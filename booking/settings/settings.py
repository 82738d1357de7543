"""Every setting: its variable, its default, and what it accepts."""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any

from booking.domain import timestamps
from booking.settings import values
from booking.settings.values import MailServer, Network, RateLimit

PREFIX = "BOOKING_"

MAX_BODY_BYTES = 64 * 1024
"""The largest body of an ordinary request."""

MAX_EVENT_BYTES = 32 * 1024 * 1024
"""The largest body of an administrator's request for an event: a plan with all its seats."""


class SettingsError(Exception):
    """A variable is unknown or has an unusable value. The message names it and says what to set."""


def _setting(
    default: Any, parse: Callable[[str], Any], meaning: str, *, secret: bool = False
) -> Any:
    metadata = {"parse": parse, "meaning": meaning, "secret": secret}
    return field(default=default, repr=not secret, metadata=metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings, read once. ``BOOKING_LOCK_SECONDS`` sets ``lock_seconds``, and so on.

    ``admin_token`` is the SHA-256 digest of the token, not the token.
    """

    host: str = _setting(
        "127.0.0.1", values.host, "address to listen on, or a Unix socket: unix:/PATH"
    )
    port: int = _setting(8080, values.whole(0, 65535), "port to listen on; 0 takes a free one")
    threads: int | None = _setting(
        None, values.whole(1, 256), "threads that answer requests; unset: 8, or 32 with a database"
    )
    processes: int = _setting(
        1, values.processes, "processes that share a database; auto: one per processor core"
    )
    pin: bool = _setting(
        default=True,
        parse=values.switch,
        meaning="pin each process to one processor core, which is faster",
    )
    seats: int = _setting(10, values.whole(1, 100_000), "seats of the default event")
    lock_seconds: float = _setting(60.0, values.seconds, "how long a lock is valid")
    max_lock_seconds: float = _setting(
        300.0, values.seconds, "how long a lock can last with extensions"
    )
    max_seats_per_holder: int = _setting(
        10, values.whole(1, 100_000), "how many seats of an event one holder can have"
    )
    forbid_single_seats: bool = _setting(
        default=False,
        parse=values.switch,
        meaning="refuse choices that leave a seat free on its own",
    )
    cancel_until: float | None = _setting(
        None,
        timestamps.read,
        "when cancelling ends for all bookings; unset: when the event starts",
    )
    history_limit: int = _setting(
        100_000, values.whole(1, 10_000_000), "how many seat changes an event remembers"
    )
    keep_details_days: int | None = _setting(
        None,
        values.whole(0, 36_500),
        "days after an event for which the details of bookings are kept; none is for ever",
    )
    smtp_url: MailServer | None = _setting(  # noqa: RUF009 (None is immutable)
        None,
        values.mail_server,
        "where mail to buyers is handed in: smtp+starttls://… or smtps://…; none is no mail",
        secret=True,
    )
    mail_from: str | None = _setting(
        None, values.mail_from, "whom mail is from, such as Theatre <tickets@theatre.example>"
    )
    public_url: str | None = _setting(
        None, values.public_url, "where buyers find the service, for links in mail"
    )
    remind_hours: int = _setting(
        24, values.whole(0, 720), "hours before an event at which buyers are reminded; 0 is never"
    )
    admin_token: bytes | None = _setting(
        None, values.digest, "the administrator's token; unset: no administration", secret=True
    )
    database_url: str | None = _setting(
        None,
        values.database_url,
        "where bookings are kept, such as sqlite:///booking.db; unset: in memory",
        secret=True,
    )
    cors_origins: tuple[str, ...] = _setting(
        ("*",), values.origins, "origins whose pages may call the service; * means all"
    )
    trusted_proxy: tuple[Network, ...] = _setting(
        (),
        values.networks,
        "addresses or networks of reverse proxies whose forwarding headers to trust",
    )
    rate_limit: RateLimit | None = _setting(  # noqa: RUF009 (None is immutable)
        None,
        values.rate_limit,
        "changes that one client may ask for, such as 20/s burst 60; none is no limit",
    )
    max_locked_seats_per_client: int | None = _setting(
        None,
        values.whole(1, 100_000),
        "seats that one client address can have locked; none is no limit",
    )
    log_level: str = _setting("info", values.log_level, "debug, info, warning or error")
    metrics: tuple[str, int] | None = _setting(
        None, values.host_and_port, "where Prometheus asks, such as 127.0.0.1:9464; none is nowhere"
    )
    log_format: str = _setting("text", values.log_format, "text or json, a line for each request")

    def __post_init__(self) -> None:
        if self.processes > 1 and self.database_url is None:
            raise SettingsError(
                f"{PREFIX}PROCESSES is {self.processes}, but without a database each process would"
                f" sell the whole house. Set {PREFIX}DATABASE_URL, too."
            )
        for name in ("mail_from", "public_url"):
            if self.smtp_url is not None and getattr(self, name) is None:
                raise SettingsError(
                    f"{PREFIX}SMTP_URL is set, and {PREFIX}{name.upper()} is not, which mail needs,"
                    " too. Set it."
                )
        if self.max_lock_seconds < self.lock_seconds:
            raise SettingsError(
                f"{PREFIX}MAX_LOCK_SECONDS is {self.max_lock_seconds:g} and"
                f" {PREFIX}LOCK_SECONDS is {self.lock_seconds:g}: a lock cannot begin longer than"
                " it may become. Raise the first or lower the second."
            )

    @property
    def worker_threads(self) -> int:
        """How many threads answer requests."""
        if self.threads is not None:
            return self.threads
        # Threads that wait for a database share its transactions: 32 sold 1.4 times as much as 8.
        # In memory, where none waits, 32 sold 0.8 times as much.
        return 8 if self.database_url is None else 32

    @property
    def is_public(self) -> bool:
        """Whether others than programs of this machine can call the service."""
        return self.host not in ("127.0.0.1", "::1", "localhost") or bool(self.trusted_proxy)

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the ``BOOKING_`` variables. A variable that is missing or empty has its default.

        Raises:
            SettingsError: a variable is unknown, or its value is unusable.
        """
        known = {PREFIX + each.name.upper(): each for each in fields(cls)}
        found: dict[str, Any] = {}
        for variable, text in environ.items():
            if not variable.startswith(PREFIX):
                continue
            if variable not in known:
                names = [each.name.upper() for each in known.values()]
                close = difflib.get_close_matches(variable.removeprefix(PREFIX), names, n=1)
                hint = (
                    f"Did you mean {PREFIX + close[0]}?" if close else f"Known: {', '.join(known)}."
                )
                raise SettingsError(f"There is no setting {variable}. {hint}")
            if text.strip():
                found[known[variable].name] = _parse(variable, known[variable], text)
        return cls(**found)

    @classmethod
    def read(cls, name: str, environ: Mapping[str, str]) -> Any:
        """Read one setting alone, so that mistakes in the others do not matter.

        Raises:
            SettingsError: its value is unusable.
        """
        setting = next(each for each in fields(cls) if each.name == name)
        variable = PREFIX + name.upper()
        text = environ.get(variable, "")
        return _parse(variable, setting, text) if text.strip() else setting.default

    @classmethod
    def describe(cls) -> str:
        """Return a line for each setting: its variable, default and meaning."""
        rows = [
            (PREFIX + each.name.upper(), _shown(each.default), each.metadata["meaning"])
            for each in fields(cls)
        ]
        width = max(len(variable) for variable, _, _ in rows)
        return "\n".join(f"  {row[0]:{width}}  {row[1]:9}  {row[2]}" for row in rows)


def _parse(variable: str, setting: "Field[Any]", text: str) -> Any:
    try:
        return setting.metadata["parse"](text.strip())
    except ValueError as expected:
        given = "cannot be used" if setting.metadata["secret"] else f"is {text!r}"
        raise SettingsError(f"{variable} {given}; it must be {expected}.") from None


def _shown(default: object) -> str:
    match default:
        case None | ():
            return "(none)"
        case bool():
            return "on" if default else "off"
        case float():
            return f"{default:g}"
        case tuple():
            return ",".join(map(str, default))
        case _:
            return str(default)
