"""The link to a booking, sent again to whoever has lost it."""

import hashlib
import time
from collections.abc import Callable

from flask import Blueprint, Flask, current_app, request
from werkzeug.exceptions import BadRequest, MethodNotAllowed, NotFound

from booking.domain import notices, questions
from booking.domain.notices import LinkRequest
from booking.domain.questions import Kind, Question
from booking.engines.contract import BoxOffice
from booking.http import requests
from booking.http.application import BytesResponse
from booking.http.client_limits import TokenBuckets, limits_of_app
from booking.http.documents import respond
from booking.settings import RateLimit, Settings

blueprint = Blueprint("booking_links", __name__)

_EMAIL = Question(id="email", kind=Kind.EMAIL, required=True)
_OF_A_CLIENT = RateLimit(1 / 60, 5)
_OF_AN_ADDRESS = RateLimit(1 / 1200, 3)
"""So that nobody floods the mailbox of another, from however many clients."""
_METHODS = ("OPTIONS", "POST")
_OFTEN = "You have asked for links too often."


def register(app: Flask, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
    """Serve the call, if the settings name a mail server."""
    app.extensions["link_limits"] = None
    if settings.smtp_url is not None:
        app.extensions["link_limits"] = (
            TokenBuckets(_OF_A_CLIENT, clock, _OFTEN),
            TokenBuckets(_OF_AN_ADDRESS, clock, _OFTEN),
        )
    app.register_blueprint(blueprint)


@blueprint.route("/bookings/link", methods=["GET", "PUT", "PATCH", "DELETE", "OPTIONS"])
def tell_methods() -> BytesResponse:
    """What can be done at this address. Otherwise it would be that of a booking called “link”."""
    if request.method != "OPTIONS":
        raise MethodNotAllowed(_METHODS)
    response = BytesResponse(b"")
    response.headers["Allow"] = ", ".join(_METHODS)
    return response


@blueprint.post("/bookings/link")
def send_links() -> BytesResponse:
    """Mail the links of all bookings to come of an address to that address. What is answered, and
    how fast, does not tell whether there are any: that is looked up later, by whoever mails."""
    if current_app.extensions["link_limits"] is None:
        raise NotFound
    email = requests.read_members({"email"}).get("email")
    if faults := dict(questions.faults((_EMAIL,), {} if email is None else {"email": email})):
        raise BadRequest(f"email {faults['email']}.")
    of_a_client, of_an_address = current_app.extensions["link_limits"]
    same = notices.same_address(str(email))
    of_a_client.take(limits_of_app().clients.of(request.environ))
    of_an_address.take(hashlib.sha256(same.encode()).digest()[:16])
    box_office: BoxOffice = current_app.extensions["box_office"]
    box_office.outbox.put(
        LinkRequest(written_at=time.time(), to=same, language=requests.language())
    )
    response = respond(
        {"message": "If there are bookings to come of this address, their links are on the way."}
    )
    response.status_code = 202
    response.headers["Cache-Control"] = "no-store"
    return response
