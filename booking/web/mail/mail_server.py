"""The mail server to which mail is handed in (RFC 6409)."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage

from booking.settings import MailServer

_TIMEOUT_SECONDS = 10.0
"""How long to wait for each answer of the server."""

_CLOSING = 421
"""The code with which a server says that it closes the connection."""


_NOT_ALLOWED = (530, 535, 538)
"""Codes with which a server asks for a password, or for another one."""


class MailServerDown(Exception):
    """The server takes no mail at all now. The message says why, and names no address."""


class Refused(Exception):
    """The server does not take one mail: for good, or only now."""

    def __init__(self, code: int, *, for_good: bool) -> None:
        super().__init__(f"code {code}")
        self.for_good = for_good


@contextmanager
def session(server: MailServer, own_name: str) -> Iterator[smtplib.SMTP]:
    """Have a connection to a mail server, encrypted and signed in. ``own_name`` is how the service
    introduces itself.

    Raises:
        MailServerDown: there is none, or it broke.
    """
    try:
        smtp = _connect(server, own_name)
    except (OSError, smtplib.SMTPException) as error:
        raise MailServerDown(_reason(error)) from None
    try:
        yield smtp
    finally:
        with suppress(OSError, smtplib.SMTPException):
            smtp.quit()


def _connect(server: MailServer, own_name: str) -> smtplib.SMTP:
    tls = ssl.create_default_context()
    host, port, timeout = server.host, server.port, _TIMEOUT_SECONDS
    smtp = (
        smtplib.SMTP_SSL(host, port, own_name, timeout=timeout, context=tls)
        if server.scheme == "smtps"
        else smtplib.SMTP(host, port, own_name, timeout=timeout)
    )
    try:
        if server.scheme == "smtp+starttls":
            smtp.starttls(context=tls)
        if server.user:
            smtp.login(server.user, server.password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def hand_in(smtp: smtplib.SMTP, message: EmailMessage) -> None:
    """Hand a mail in.

    Raises:
        Refused: the server does not take this one.
        MailServerDown: it takes none now.
    """
    try:
        smtp.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        raise _refused(*next(iter(error.recipients.values()))) from None
    except smtplib.SMTPDataError as error:
        raise _refused(error.smtp_code, error.smtp_error) from None
    except smtplib.SMTPNotSupportedError:
        # An address beyond ASCII, and a server that knows none (RFC 6531).
        raise Refused(553, for_good=True) from None
    except (OSError, smtplib.SMTPException) as error:
        raise MailServerDown(_reason(error)) from None


def _refused(code: int, words: bytes | str) -> Exception:
    if code == _CLOSING:
        return MailServerDown(f"code {code}")
    text = words if isinstance(words, str) else words.decode("ascii", "replace")
    # The operator has to mend these (RFC 3463): the address may be right.
    not_allowed = code in _NOT_ALLOWED or text.startswith("5.7.")
    return Refused(code, for_good=code >= 500 and not not_allowed)


def _reason(error: Exception) -> str:
    """Why the server cannot be used, without its words: there may be an address in them."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__}, code {error.smtp_code}"
    if isinstance(error, smtplib.SMTPException):
        return type(error).__name__
    return f"{type(error).__name__}: {error}"
