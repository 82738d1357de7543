"""Settings from the environment."""

import contextlib
import hashlib
from dataclasses import fields
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.settings import PREFIX, Settings, SettingsError


def test_without_variables_everything_has_its_default() -> None:
    settings = Settings.from_environ({"PATH": "/bin", "HOME": "/"})
    assert settings == Settings()
    assert (settings.host, settings.port, settings.seats) == ("127.0.0.1", 8080, 10)
    assert (settings.lock_seconds, settings.max_lock_seconds) == (60, 300)


def test_variables_are_read() -> None:
    settings = Settings.from_environ(
        {
            "BOOKING_HOST": "::1",
            "BOOKING_PORT": "0",
            "BOOKING_LOCK_SECONDS": "0.25",
            "BOOKING_PIN": "OFF",
            "BOOKING_CORS_ORIGINS": "https://Shop.example, http://localhost:3000/",
            "BOOKING_TRUSTED_PROXY": "10.0.0.1",
            "BOOKING_LOG_LEVEL": "Warning",
            "BOOKING_FORBID_SINGLE_SEATS": "on",
            "BOOKING_CANCEL_UNTIL": "2027-01-01T01:00:00+01:00",
            "BOOKING_HISTORY_LIMIT": "5",
        }
    )
    assert (settings.host, settings.port, settings.lock_seconds) == ("::1", 0, 0.25)
    assert settings.pin is False
    assert settings.cors_origins == ("https://shop.example", "http://localhost:3000")
    assert settings.trusted_proxy == (ip_network("10.0.0.1"),)
    assert settings.log_level == "warning"
    assert settings.forbid_single_seats is True
    assert (settings.cancel_until, settings.history_limit) == (1_798_761_600, 5)


def test_trusted_proxies_are_a_list_of_addresses_and_networks_whatever_their_spelling() -> None:
    settings = Settings.from_environ(
        {"BOOKING_TRUSTED_PROXY": "10.0.0.0/8, ::1 ::ffff:127.0.0.1,::ffff:192.0.2.0/120"}
    )
    wanted = ("10.0.0.0/8", "::1", "127.0.0.1", "192.0.2.0/24")
    assert settings.trusted_proxy == tuple(map(ip_network, wanted))


def test_a_host_can_be_a_unix_socket() -> None:
    settings = Settings.from_environ({"BOOKING_HOST": "unix:/run/booking.sock"})
    assert settings.host == "unix:/run/booking.sock"


def test_a_variable_that_is_set_to_nothing_counts_as_not_set() -> None:
    assert Settings.from_environ({"BOOKING_PORT": "", "BOOKING_SEATS": " "}) == Settings()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CANCEL_UNTIL", "tomorrow"),
        ("CANCEL_UNTIL", "2027-13-01T00:00:00Z"),
        ("HISTORY_LIMIT", "0"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "80a"),
        ("PORT", "٨٠٨٠"),  # Arabic digits, which int() takes
        ("PORT", "8_080"),
        ("THREADS", "0"),
        ("SEATS", "0"),
        ("SEATS", "100001"),
        ("LOCK_SECONDS", "0"),
        ("LOCK_SECONDS", "-5"),
        ("LOCK_SECONDS", "nan"),
        ("LOCK_SECONDS", "inf"),
        ("LOCK_SECONDS", "1e3"),
        ("HOST", "here and there"),
        ("HOST", "unix:booking.sock"),
        ("HOST", "unix:/" + "x" * 200),
        ("PIN", "maybe"),
        ("TRUSTED_PROXY", "localhost"),
        ("TRUSTED_PROXY", "*"),
        ("TRUSTED_PROXY", ","),
        ("TRUSTED_PROXY", "127.0.0.1,proxy"),
        ("TRUSTED_PROXY", "10.0.0.1/8"),
        ("CORS_ORIGINS", "shop.example"),
        ("CORS_ORIGINS", "https://shop.example/path"),
        ("CORS_ORIGINS", "*,https://shop.example"),
        ("CORS_ORIGINS", "https://.*"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_a_value_that_cannot_be_used_stops_the_start_with_its_name(
    variable: str, value: str
) -> None:
    with pytest.raises(SettingsError) as error:
        Settings.from_environ({PREFIX + variable: value})
    assert str(error.value).startswith(f"{PREFIX}{variable} is {value!r}; it must be ")


def test_an_unknown_variable_stops_the_start_and_the_nearest_known_one_is_named() -> None:
    with pytest.raises(SettingsError, match=r"BOOKING_LOCK_SECS.*mean BOOKING_LOCK_SECONDS"):
        Settings.from_environ({"BOOKING_LOCK_SECS": "5"})
    with pytest.raises(SettingsError, match=r"BOOKING_ZZZZZZ.*Known: BOOKING_HOST, BOOKING_PORT"):
        Settings.from_environ({"BOOKING_ZZZZZZ": "5"})


def test_a_lock_cannot_be_longer_than_it_can_be_extended_to() -> None:
    with pytest.raises(SettingsError, match="BOOKING_MAX_LOCK_SECONDS is 300"):
        Settings.from_environ({"BOOKING_LOCK_SECONDS": "301"})


@given(st.dictionaries(st.sampled_from([f.name.upper() for f in fields(Settings)]), st.text()))
def test_whatever_is_set_is_taken_or_refused_with_a_sentence(values: dict[str, str]) -> None:
    with contextlib.suppress(SettingsError):
        Settings.from_environ({PREFIX + name: value for name, value in values.items()})


def test_the_description_names_every_variable_and_its_default() -> None:
    lines = Settings.describe().splitlines()
    assert len(lines) == len(fields(Settings))
    assert lines[1].split()[:2] == ["BOOKING_PORT", "8080"]


def test_of_the_administrators_token_the_digest_alone_is_kept() -> None:
    settings = Settings.from_environ({"BOOKING_ADMIN_TOKEN": "organiser-0123456789"})
    assert settings.admin_token == hashlib.sha256(b"organiser-0123456789").digest()
    assert "admin_token" not in repr(settings)


@pytest.mark.parametrize("token", ["too-short", "x" * 257, "spaces in between, and more"])
def test_a_bad_token_of_the_administrator_is_refused_and_not_repeated(token: str) -> None:
    with pytest.raises(SettingsError, match="BOOKING_ADMIN_TOKEN cannot be used") as error:
        Settings.from_environ({"BOOKING_ADMIN_TOKEN": token})
    assert token not in str(error.value)


@pytest.mark.parametrize(
    "path",
    ["", ":memory:", "file:booking.db", "file::memory:?cache=shared", "a.db?mode=ro", "folder/"],
)
def test_a_path_that_is_no_file_is_refused(path: str) -> None:
    with pytest.raises(SettingsError, match="BOOKING_DATABASE_URL cannot be used; it must be sql"):
        Settings.from_environ({"BOOKING_DATABASE_URL": f"sqlite:///{path}"})


def test_one_setting_is_read_whatever_the_others_are() -> None:
    environ = {"BOOKING_SEATS": "many", "BOOKING_SEETS": "5"}
    assert Settings.read("port", environ | {"BOOKING_PORT": "81"}) == 81
    assert Settings.read("port", environ) == 8080
    with pytest.raises(SettingsError, match="BOOKING_SEATS is 'many'"):
        Settings.read("seats", environ)


MAIL = {
    "BOOKING_SMTP_URL": "smtp+starttls://theatre:p%40ss@mail.example.org",
    "BOOKING_MAIL_FROM": "Theatre <t@example.org>",
    "BOOKING_PUBLIC_URL": "https://tickets.example.org/",
}


def test_a_mail_server_has_a_user_a_password_and_the_port_of_its_kind() -> None:
    settings = Settings.from_environ(MAIL)
    assert settings.smtp_url == ("mail.example.org", 587, "smtp+starttls", "theatre", "p@ss")
    assert settings.public_url == "https://tickets.example.org"
    assert "p@ss" not in repr(settings)
    assert "p@ss" not in str(settings.smtp_url)


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("SMTP_URL", "smtp://mail.example.org"),
        ("SMTP_URL", "smtps://user@mail.example.org"),
        ("SMTP_URL", "smtps://mail.example.org/path"),
        ("SMTP_URL", "smtps://mail.example.org:x"),
        ("SMTP_URL", "mail.example.org"),
        ("MAIL_FROM", "nobody"),
        ("MAIL_FROM", "Theatre <t@example.org>\nBcc: x@example.org"),
        ("PUBLIC_URL", "tickets.example.org"),
        ("PUBLIC_URL", "https://tickets.example.org/#x"),
        ("REMIND_HOURS", "1000"),
    ],
)
def test_mail_settings_that_cannot_be_right_are_refused(variable: str, text: str) -> None:
    with pytest.raises(SettingsError, match=f"BOOKING_{variable}"):
        Settings.from_environ(MAIL | {f"BOOKING_{variable}": text})


@pytest.mark.parametrize("missing", ["MAIL_FROM", "PUBLIC_URL"])
def test_mail_needs_to_know_whom_it_is_from_and_where_buyers_find_the_service(
    missing: str,
) -> None:
    environ = {name: text for name, text in MAIL.items() if not name.endswith(missing)}
    with pytest.raises(SettingsError, match=f"BOOKING_{missing} is not"):
        Settings.from_environ(environ)
