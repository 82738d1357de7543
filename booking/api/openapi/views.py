"""``GET /openapi.json``."""

import gzip
import hashlib
from functools import cached_property

from flask import Blueprint, current_app

from booking.api.openapi.document import document
from booking.http.application import BytesResponse
from booking.http.documents import encode, with_etag

blueprint = Blueprint("openapi", __name__)


class Contract:
    """The document, encoded when somebody asks for it."""

    @cached_property
    def encoded(self) -> tuple[bytes, str, bytes]:
        """The body, its ETag, and the body compressed."""
        body = encode(document())
        return body, hashlib.sha256(body).hexdigest()[:32], gzip.compress(body, mtime=0)


@blueprint.get("/openapi.json")
def see_openapi() -> BytesResponse:
    """The contract of the service, for programs that make clients."""
    contract: Contract = current_app.extensions["contract"]
    body, etag, compressed = contract.encoded
    return with_etag(body, etag, lambda: compressed)
