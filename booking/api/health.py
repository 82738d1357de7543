"""Whether the process serves, for whoever watches over it."""

from flask import Blueprint

from booking.api.application import BytesResponse
from booking.api.documents import respond

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> BytesResponse:
    """200 as long as requests are answered at all."""
    return respond({"status": "ok"})
