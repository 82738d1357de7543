"""Sends what waits in the outbox, in the background."""

import hashlib
import logging
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from email.message import EmailMessage
from email.utils import parseaddr
from smtplib import SMTP
from urllib.parse import urlsplit

from booking.domain.errors import BookingError
from booking.domain.notices import LinkRequest, Notice, Occasion
from booking.engines.contract import BoxOffice
from booking.engines.errors import EngineError
from booking.engines.outbox import Key, Waiting
from booking.http import booking_links
from booking.settings import MailServer, Settings
from booking.web.languages import preferred
from booking.web.mail.attachments import Attach
from booking.web.mail.mail_server import MailServerDown, Refused, hand_in, session
from booking.web.mail.message import UnusableAddress, compose
from booking.web.mail.words import read_words

logger = logging.getLogger(__name__)

LEASE_SECONDS = 60.0
"""So long after a process was killed, another one sends."""

_RENEW_SECONDS = 20.0
_LOOK_SECONDS = 1.0
"""How often the process that sends looks for mail."""
_OTHERS_LOOK_SECONDS = 5.0
"""How often the other processes try to be the one that sends."""
_REMIND_SECONDS = 60.0
_AT_ONCE = 50
_SHORTEST_PAUSE = 5.0
_LONGEST_PAUSE = 300.0
_LONGEST_REFUSAL_PAUSE = 4 * 3600.0
_GIVE_UP_SECONDS = 3 * 86400.0
"""For how long a mail is tried that the server refuses for now."""


class Postman:
    """Takes what is due out of the outbox and hands it to the mail server: one process at a time,
    and each mail at least once.

    If the server takes no mail, all waits, and the pauses grow. If it refuses one, that one waits.
    """

    def __init__(
        self,
        box_office: BoxOffice,
        settings: Settings,
        count: Callable[[str], None] = lambda _: None,
        attach: Attach = lambda _: (),
        *,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        """``count`` is told the outcome of each mail: ``sent``, ``refused``, ``later`` or
        ``dropped``. ``attach`` makes the files that go with each, besides the calendar entry."""
        assert settings.smtp_url is not None
        assert settings.mail_from is not None
        assert settings.public_url is not None
        self._box_office = box_office
        self._server: MailServer = settings.smtp_url
        self._sender = settings.mail_from
        self._public_url = settings.public_url
        self._ahead = settings.remind_hours * 3600.0
        self._count = count
        self._attach = attach
        self._wall_clock = wall_clock
        self._words = read_words()
        self._owner = secrets.token_hex(16)
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        # Below, only the thread that sends reads and writes. Times are monotonic.
        self._leased_at = float("-inf")
        self._remind_at = float("-inf")
        self._pause = 0.0
        self._checked = False
        self._last_reason = ""

    def start(self) -> None:
        """Send from now on, in a thread."""
        self._thread = threading.Thread(target=self._run, name="booking-mail", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Send no more, and let another process do it. Waits a moment for a mail that is being
        sent."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join(timeout=_SHORTEST_PAUSE)
        with suppress(EngineError):  # Then the lease runs out by itself.
            self._box_office.outbox.release(self._owner)

    def _run(self) -> None:
        pause = 0.0
        while not self._stopped.wait(pause):
            try:
                pause = self.work()
            except EngineError as error:
                self._say(f"the database does not answer ({error})")
                pause = _SHORTEST_PAUSE
            except Exception as error:  # noqa: BLE001
                # Without its words and its trace, in which there may be an address.
                self._say(f"of a mistake in this program ({type(error).__name__})")
                pause = _LONGEST_PAUSE

    def work(self) -> float:
        """Send what is due, if this process is the one that sends. Returns for how many seconds
        there is nothing to do."""
        if not self._has_the_duty():
            return _OTHERS_LOOK_SECONDS
        self._remind()
        due = self._box_office.outbox.due(_AT_ONCE)
        for waiting in due:
            if isinstance(waiting.errand, LinkRequest):
                self._look_up(waiting.key, waiting.errand)
        mails = [waiting for waiting in due if isinstance(waiting.errand, Notice)]
        if not mails and self._checked:
            return 0.0 if due else _LOOK_SECONDS
        try:
            self._send(mails)
        except MailServerDown as down:
            self._pause = min(_LONGEST_PAUSE, max(_SHORTEST_PAUSE, 2 * self._pause))
            self._say(f"{self._server} takes none ({down})")
            return self._pause
        self._pause = 0.0
        return 0.0 if len(due) == _AT_ONCE else _LOOK_SECONDS

    def _has_the_duty(self) -> bool:
        now = time.monotonic()
        if now < self._leased_at + _RENEW_SECONDS:
            return True
        if not self._box_office.outbox.lease(self._owner, LEASE_SECONDS):
            return False
        self._leased_at = now
        return True

    def _remind(self) -> None:
        if self._ahead and time.monotonic() >= self._remind_at:
            self._box_office.remind(self._ahead)
            self._remind_at = time.monotonic() + _REMIND_SECONDS

    def _look_up(self, key: Key, request: LinkRequest) -> None:
        """Write the links that somebody asked for, to the address as it was given at booking."""
        for event, reference in self._box_office.bookings_of(request.to):
            try:
                notice = self._box_office.registry(event).notice(Occasion.LINK, reference)
            except BookingError:
                continue  # It is no more.
            if notice is not None:
                self._box_office.outbox.put(notice)
        self._box_office.outbox.done(key)

    def _send(self, mails: list[Waiting]) -> None:
        own_name = urlsplit(self._public_url).hostname or "localhost"
        with session(self._server, own_name) as smtp:
            if not self._checked or self._last_reason:
                logger.info("Mail goes out through %s.", self._server)
                self._checked, self._last_reason = True, ""
            for waiting in mails:
                if self._stopped.is_set() or not self._has_the_duty():
                    return
                self._send_one(smtp, waiting)

    def _send_one(self, smtp: SMTP, waiting: Waiting) -> None:
        key, notice = waiting.key, waiting.errand
        assert isinstance(notice, Notice)
        now = self._wall_clock()
        if notice.occasion is Occasion.REMINDER and (notice.starts_at or 0) <= now:
            self._finish(key, "dropped")
            return
        try:
            hand_in(smtp, self._composed(key, notice))
        except Refused as refusal:
            self._refused(waiting, notice, str(refusal), for_good=refusal.for_good)
        except UnusableAddress:
            self._refused(waiting, notice, "no usable address", for_good=True)
        except (MailServerDown, EngineError):
            raise
        except Exception as error:  # noqa: BLE001
            # One that cannot be composed keeps no other waiting. In its words may be an address.
            self._refused(waiting, notice, type(error).__name__, for_good=False)
        else:
            self._finish(key, "sent")

    def _refused(self, waiting: Waiting, notice: Notice, why: str, *, for_good: bool) -> None:
        if for_good or self._wall_clock() > notice.written_at + _GIVE_UP_SECONDS:
            logger.warning("Booking %s: its mail cannot be sent (%s).", notice.reference, why)
            self._finish(waiting.key, "refused")
        else:
            if waiting.attempts == 0:
                logger.info("Booking %s: its mail is tried again (%s).", notice.reference, why)
            pause = min(_LONGEST_REFUSAL_PAUSE, 60.0 * 2**waiting.attempts)
            self._box_office.outbox.postpone(waiting.key, pause)
            self._count("later")

    def _composed(self, key: Key, notice: Notice) -> EmailMessage:
        language = preferred(self._words, notice.language)
        link = booking_links.address(
            self._public_url, self._box_office.shared_key("links"), notice.event, notice.reference
        )
        # The same when it is sent twice, so that mail programs can show it once.
        name = hashlib.sha256("\n".join(map(str, key)).encode()).hexdigest()[:32]
        host = parseaddr(self._sender)[1].rpartition("@")[2]
        return compose(
            notice,
            language,
            sender=self._sender,
            link=link,
            message_id=f"<{name}@{host}>",
            attachments=self._attach(notice),
        )

    def _finish(self, key: Key, outcome: str) -> None:
        self._box_office.outbox.done(key)
        self._count(outcome)

    def _say(self, reason: str) -> None:
        """Log once why mail waits."""
        if reason != self._last_reason:
            self._last_reason = reason
            logger.warning("Mail waits, because %s. It is tried again.", reason)
