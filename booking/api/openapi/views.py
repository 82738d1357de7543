"""``GET /openapi.json``."""

import hashlib
from functools import cached_property

from flask import Blueprint, current_app

from booking.api.openapi.document import document
from booking.http.application import BytesResponse
from booking.http.compression import Body
from booking.http.documents import encode, with_etag

blueprint = Blueprint("openapi", __name__)


class Contract:
    """The document, encoded when somebody asks for it."""

    @cached_property
    def encoded(self) -> tuple[Body, str]:
        """The body and its ETag."""
        body = encode(document())
        return Body(body), hashlib.sha256(body).hexdigest()[:32]


@blueprint.get("/openapi.json")
def see_openapi() -> BytesResponse:
    """The contract of the service, for programs that make clients."""
    contract: Contract = current_app.extensions["contract"]
    body, etag = contract.encoded
    return with_etag(body.plain, etag, body.coded)
