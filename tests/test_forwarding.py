"""What proxies say of a client, and whom it is believed of."""

from ipaddress import ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking import forwarding
from booking.forwarding import ForwardingRefused

TRUSTED = [ip_network(each) for each in ("127.0.0.1", "10.0.0.0/8", "2001:db8:ffff::/48")]


def told(peer: str = "127.0.0.1", **headers: str) -> dict[str, Any]:
    """The environment of a request after a proxy at ``peer`` has sent the headers."""
    environ = {
        "REMOTE_ADDR": peer,
        "HTTP_HOST": "shop.example",
        "wsgi.url_scheme": "http",
        "SCRIPT_NAME": "",
    } | {f"HTTP_{name}": value for name, value in headers.items()}
    forwarding.apply(environ, TRUSTED)
    return environ


@pytest.mark.parametrize(
    ("said", "client"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("203.0.113.9:4711", "203.0.113.9"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        # Left of the nearest proxy that is not ours, anything may have been made up.
        ("1.1.1.1, 203.0.113.9", "203.0.113.9"),
        ("1.1.1.1, 203.0.113.9, 10.1.2.3", "203.0.113.9"),
        ("10.9.9.9, 10.1.2.3", "10.9.9.9"),
        ("unknown", "127.0.0.1"),
        ("unknown, 10.1.2.3", "10.1.2.3"),
        ("<script>", "127.0.0.1"),
        ("", "127.0.0.1"),
    ],
)
def test_the_client_is_the_nearest_that_is_no_proxy_of_ours(said: str, client: str) -> None:
    assert told(X_FORWARDED_FOR=said)["REMOTE_ADDR"] == client


@pytest.mark.parametrize("peer", ["127.0.0.1", "::ffff:127.0.0.1", "10.255.0.1", "unix"])
def test_a_trusted_proxy_is_known_by_its_address_however_that_is_written(peer: str) -> None:
    assert told(peer, X_FORWARDED_PROTO="https")["wsgi.url_scheme"] == "https"


@pytest.mark.parametrize("peer", ["127.0.0.2", "::1", "11.0.0.1", "localhost", ""])
def test_nobody_else_is_believed_whatever_is_sent(peer: str) -> None:
    environ = told(
        peer,
        X_FORWARDED_FOR="6.6.6.6",
        X_FORWARDED_PROTO="nonsense",
        X_FORWARDED_HOST="evil.example",
        X_FORWARDED_PREFIX="/evil",
        FORWARDED="for=6.6.6.6;proto=https",
    )
    assert environ["REMOTE_ADDR"] == peer
    assert (environ["wsgi.url_scheme"], environ["SCRIPT_NAME"]) == ("http", "")
    assert environ["HTTP_HOST"] == "shop.example"


@pytest.mark.parametrize(
    ("clients", "schemes", "scheme"),
    [
        ("203.0.113.9", "https", "https"),
        ("203.0.113.9", "HTTPS", "https"),
        ("203.0.113.9", "wss", "https"),
        # The load balancer was spoken to over HTTP, by a network for delivery that is not ours.
        ("203.0.113.9", "https, http", "http"),
        # If that is ours as well, what it says counts.
        ("203.0.113.9, 10.1.2.3", "https, http", "https"),
        ("203.0.113.9, 10.1.2.3", "gopher, https, http", "https"),
        # Both wrote over what was there.
        ("203.0.113.9, 10.1.2.3", "https", "https"),
        ("", "https,https", "https"),
    ],
)
def test_of_several_schemes_the_one_of_the_farthest_trusted_proxy_counts(
    clients: str, schemes: str, scheme: str
) -> None:
    environ = told(X_FORWARDED_FOR=clients, X_FORWARDED_PROTO=schemes)
    assert environ["wsgi.url_scheme"] == scheme


@pytest.mark.parametrize(
    ("headers", "host"),
    [
        ({"X_FORWARDED_HOST": "tickets.example"}, "tickets.example"),
        ({"X_FORWARDED_HOST": "tickets.example:8443"}, "tickets.example:8443"),
        ({"X_FORWARDED_PORT": "8443"}, "shop.example:8443"),
        ({"X_FORWARDED_PORT": "8443", "HOST": "shop.example:8080"}, "shop.example:8443"),
        ({"X_FORWARDED_PORT": "8443", "HOST": "[::1]"}, "[::1]:8443"),
        ({"X_FORWARDED_PORT": "8443", "X_FORWARDED_HOST": "a.example"}, "a.example:8443"),
        # The port that the client asked for, and one inside of a container.
        ({"X_FORWARDED_PORT": "443", "X_FORWARDED_HOST": "a.example:8443"}, "a.example:8443"),
    ],
)
def test_the_host_is_as_the_client_named_it(headers: dict[str, str], host: str) -> None:
    assert told(**headers)["HTTP_HOST"] == host


@pytest.mark.parametrize("prefix", ["/tickets", "/tickets/"])
def test_a_prefix_is_known(prefix: str) -> None:
    assert told(X_FORWARDED_PREFIX=prefix)["SCRIPT_NAME"] == "/tickets"
    assert told(X_FORWARDED_PREFIX="/")["SCRIPT_NAME"] == ""


@pytest.mark.parametrize(
    ("said", "client", "scheme", "host"),
    [
        ("for=203.0.113.9;proto=https", "203.0.113.9", "https", "shop.example"),
        ('For="[2001:db8::1]:47";Host="a.example:81"', "2001:db8::1", "http", "a.example:81"),
        ("for=1.1.1.1, for=203.0.113.9 ; proto=https", "203.0.113.9", "https", "shop.example"),
        ("for=203.0.113.9;proto=https, for=10.1.2.3", "203.0.113.9", "https", "shop.example"),
        ("for=_hidden;proto=https", "127.0.0.1", "https", "shop.example"),
        ('by="a,b;for=6.6.6.6";for=203.0.113.9', "203.0.113.9", "http", "shop.example"),
    ],
)
def test_forwarded_is_read_as_rfc_7239_has_it(
    said: str, client: str, scheme: str, host: str
) -> None:
    environ = told(FORWARDED=said)
    assert (environ["REMOTE_ADDR"], environ["wsgi.url_scheme"]) == (client, scheme)
    assert environ["HTTP_HOST"] == host


def test_where_a_proxy_sends_x_forwarded_a_stranger_cannot_add_forwarded() -> None:
    environ = told(X_FORWARDED_FOR="203.0.113.9", FORWARDED="for=6.6.6.6;proto=https;host=evil")
    assert (environ["REMOTE_ADDR"], environ["wsgi.url_scheme"]) == ("203.0.113.9", "http")
    assert environ["HTTP_HOST"] == "shop.example"


@pytest.mark.parametrize(
    ("headers", "named"),
    [
        ({"X_FORWARDED_PROTO": "gopher"}, "X-Forwarded-Proto"),
        ({"X_FORWARDED_HOST": "a/b"}, "X-Forwarded-Host"),
        ({"X_FORWARDED_PORT": "0"}, "X-Forwarded-Port"),
        ({"X_FORWARDED_PORT": "65536"}, "X-Forwarded-Port"),
        ({"X_FORWARDED_PREFIX": "//evil.example"}, "X-Forwarded-Prefix"),
        ({"X_FORWARDED_PREFIX": "tickets"}, "X-Forwarded-Prefix"),
        ({"FORWARDED": 'for="1.1.1.1'}, "Forwarded"),
        ({"FORWARDED": "1.1.1.1"}, "Forwarded"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_name(headers: dict[str, str], named: str) -> None:
    with pytest.raises(ForwardingRefused, match=named):
        told(**headers)


@given(
    st.dictionaries(
        st.sampled_from(
            ["FORWARDED", *(f"X_FORWARDED_{n}" for n in ("FOR", "PROTO", "HOST", "PORT", "PREFIX"))]
        ),
        st.text(st.characters(max_codepoint=255), max_size=40),
    )
)
def test_whatever_is_sent_is_taken_or_refused(headers: dict[str, str]) -> None:
    try:
        environ = told(**headers)
    except ForwardingRefused:
        return
    assert environ["wsgi.url_scheme"] in ("http", "https")
    assert not environ["SCRIPT_NAME"].endswith("/")
