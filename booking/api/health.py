"""Whether the process serves, for whoever watches over it."""

from flask import Blueprint
from flask.wrappers import Response

from booking.api.application import BytesResponse
from booking.api.documents import respond

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> BytesResponse:
    """200 as long as requests are answered at all."""
    response = respond({"status": "ok"})
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.route("/*", methods=["OPTIONS"], provide_automatic_options=False)
def options() -> Response:
    """``OPTIONS *``: what the service as a whole understands."""
    return Response(status=204, headers={"Allow": "DELETE, GET, HEAD, OPTIONS, POST, PUT"})
