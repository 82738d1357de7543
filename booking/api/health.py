"""Whether the process serves, for whoever watches over it."""

from flask import Blueprint, current_app
from flask.wrappers import Response

from booking.api.application import BytesResponse
from booking.api.documents import Document, respond
from booking.engine import AnyBoxOffice

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> BytesResponse:
    """200 as long as requests are answered at all."""
    return _fresh({"status": "ok"})


@blueprint.get("/readyz")
def readyz() -> BytesResponse:
    """200 as long as seats can be sold, with ``warnings`` for the operator if there are any."""
    box_office: AnyBoxOffice = current_app.extensions["box_office"]
    warnings = box_office.ready()
    return _fresh({"status": "ok"} | ({"warnings": warnings} if warnings else {}))


@blueprint.route("/*", methods=["OPTIONS"], provide_automatic_options=False)
def options() -> Response:
    """``OPTIONS *``: what the service as a whole understands."""
    return Response(status=204, headers={"Allow": "DELETE, GET, HEAD, OPTIONS, POST, PUT"})


def _fresh(document: Document) -> BytesResponse:
    response = respond(document)
    response.headers["Cache-Control"] = "no-store"
    return response
