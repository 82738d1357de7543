"""A running service, as the commands call it over HTTP.

To change anything, they take the administrator's token from the environment.
"""

import http.client
import json
import os
import re
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import click

from booking.plans.texts import printable
from booking.settings import MAX_EVENT_BYTES, Settings, SettingsError

_TIMEOUT_SECONDS = 60


class Service:
    """A running service, as an administrator sees it."""

    def __init__(self, url: str) -> None:
        if not _is_address(url):
            raise click.BadParameter(f"{url!r} is no http:// or https:// address.")
        self._url = url.rstrip("/")

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        *,
        authorized: bool = False,
    ) -> Any:
        """The answer, a JSON object; what is wrong is said and ends the command. With
        ``authorized``, reading takes the administrator's token, too."""
        try:
            request = urllib.request.Request(f"{self._url}{path}", method=method)  # noqa: S310
            for name, value in (headers or {}).items():
                request.add_header(name, value)
            if body is not None:
                request.add_header("Content-Type", "application/json")
                request.data = _encoded(body)
            if method != "GET" or authorized:
                # Not to where the service may redirect us.
                request.add_unredirected_header("Authorization", f"Bearer {_admin_token()}")
            with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310
                document = json.load(answer)
        except urllib.error.HTTPError as error:
            raise click.ClickException(_problem(method, error)) from None
        except urllib.error.URLError as error:
            if isinstance(error.reason, BrokenPipeError | ConnectionResetError):
                raise click.ClickException(
                    f"{self._url} does not take the whole request: it is too large for the service,"
                    " or BOOKING_ADMIN_TOKEN is the wrong token."
                ) from None
            raise click.ClickException(
                f"Cannot reach {self._url}: {error.reason}."
                " Start the service, or say with --url where it is."
            ) from None
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise click.ClickException(
                f"{self._url} does not answer as it should ({type(error).__name__})."
            ) from None
        if not isinstance(document, dict):
            raise self.stranger()
        return document

    def stranger(self) -> click.ClickException:
        """What to raise if an answer is not what the service answers."""
        return click.ClickException(f"{self._url} is not this service.")


def _encoded(body: object) -> bytes:
    data = json.dumps(body).encode()
    if len(data) > MAX_EVENT_BYTES:
        raise click.ClickException(
            f"The plan is too large: a service takes {MAX_EVENT_BYTES // 1024**2} MB at most."
        )
    return data


def _admin_token() -> str:
    token = os.environ.get("BOOKING_ADMIN_TOKEN", "").strip()
    if not token:
        raise click.ClickException(
            "Only the administrator can do this. Set BOOKING_ADMIN_TOKEN to the service's token."
        )
    return token


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        has_port = parts.port is None or parts.port > 0
    except ValueError:
        return False
    plain = re.fullmatch(r"[!-~]+", url) is not None
    return plain and parts.scheme in ("http", "https") and bool(parts.hostname) and has_port


def _problem(method: str, error: urllib.error.HTTPError) -> str:
    try:
        document = json.load(error)
        lines = [document["detail"], *document.get("mistakes", [])]
    except (OSError, ValueError, KeyError, TypeError, http.client.HTTPException):
        return f"The service answers {error.code} {error.reason}."
    if document.get("code") == "administrator_required":
        return "BOOKING_ADMIN_TOKEN is the wrong token. Set it to the token of the service."
    if document.get("code") == "body_too_large":
        lines.append("Only with the right BOOKING_ADMIN_TOKEN may a plan be larger.")
    if error.code == 404 and method != "GET":
        lines.append("A service that is started without BOOKING_ADMIN_TOKEN has no administrator.")
    return "\n".join(map(printable, map(str, lines)))


def default_url() -> str:
    try:
        settings = Settings.from_environ(os.environ)
    except SettingsError as error:
        raise click.ClickException(f"{error} Or say with --url where the service is.") from None
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"
