"""Two processes and one event that is described twice."""

from tests.live.server import Server, tokens

ADMIN = "organiser-0123456789-0123456789"


def test_a_process_that_knew_an_event_before_it_was_changed_leaves_the_change_alone(
    url: str,
) -> None:
    gala = "/events/gala"
    with (
        Server(database_url=url, admin_token=ADMIN) as one,
        Server(database_url=url, admin_token=ADMIN) as other,
        one.client(ADMIN) as organiser,
        other.client(tokens(1)[0]) as buyer,
    ):
        assert organiser.call("PUT", gala, {"plan": {"count": 5}}).status == 201
        buyer.call("GET", gala)
        etag = organiser.call("PATCH", gala, {"place": "The hall"}).headers["ETag"]
        assert buyer.call("POST", f"{gala}/lock/1").status == 200
        assert organiser.call("GET", gala).headers["ETag"] == etag
        assert "no longer has version" not in "".join(other.lines)
