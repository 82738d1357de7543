"""A mail server that keeps what it is given: real SMTP, with TLS and a password where they are
asked for."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword

USER, PASSWORD = "theatre", "p@ss:word"


class Mailbox:
    """What has arrived. ``answers`` are given to the next mails instead of taking them, ``refused``
    is what is answered to addresses."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answers: list[str] = []
        self.refused: dict[str, str] = {}

    async def handle_RCPT(  # noqa: N802  The name is that of aiosmtpd.
        self, server: Any, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802  The name is that of aiosmtpd.
        self, server: Any, session: Any, envelope: Envelope
    ) -> str:
        if self.answers:
            return self.answers.pop(0)
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)
        assert [mail["To"]] == envelope.rcpt_tos
        self.mails.append(mail)
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.mails if mail["To"].lower() == address.lower()]


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    """The body of a mail, as text or as HTML."""
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def link_of(mail: EmailMessage) -> str:
    """The link to the booking."""
    (link,) = [line for line in text_of(mail).splitlines() if line.startswith("http")]
    return link


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def mail_server(port: int, scheme: str = "smtp", folder: Path | None = None) -> Iterator[Mailbox]:
    """Receive mail at a port. With TLS, ``folder`` gets the certificate ``ca.pem`` to be trusted,
    and the server asks for a user and a password."""
    mailbox = Mailbox()
    options: dict[str, Any] = {}
    if folder is not None:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(folder / "ca.pem"))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(context)
        options = {"authenticator": _is_right, "auth_required": True}
        if scheme == "smtps":
            options |= {"ssl_context": context, "auth_require_tls": False}
        else:
            options |= {"tls_context": context, "require_starttls": True}
    controller = Controller(mailbox, hostname="localhost", port=port, **options)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()


def _is_right(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (
        USER.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(success=right)
