"""The contract of the service as a page: ``GET /docs``."""

import gzip
from functools import cached_property
from typing import Any

from flask import Blueprint, Flask, current_app, render_template, request

from booking.api.openapi.document import document
from booking.http import headers
from booking.http.application import BytesResponse
from booking.web.static_files import StaticFiles

blueprint = Blueprint("docs", __name__, template_folder="templates")

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none';"
        " form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-cache",
    "Referrer-Policy": "same-origin",
    "Vary": "Accept-Encoding",
}


class DocsPage:
    """The page, which is the same for all. Made when somebody asks for it."""

    @cached_property
    def body(self) -> bytes:
        static: StaticFiles = current_app.extensions["static_files"]
        contract = document()
        return render_template(
            "docs.html",
            static=f"static/{static.digest}",
            contract=contract,
            groups=_groups(contract),
            schemas=contract["components"]["schemas"],
        ).encode()

    @cached_property
    def compressed(self) -> bytes:
        return gzip.compress(self.body, mtime=0)


def register(app: Flask) -> None:
    """Serve the page."""
    app.extensions["docs_page"] = DocsPage()
    app.register_blueprint(blueprint)


@blueprint.get("/docs")
def see_docs() -> BytesResponse:
    """The calls, what they take and what they answer, for a person to read."""
    page: DocsPage = current_app.extensions["docs_page"]
    takes_it = headers.takes_gzip(request.environ.get("HTTP_ACCEPT_ENCODING"))
    content_type = "text/html; charset=utf-8"
    response = BytesResponse(page.compressed if takes_it else page.body, content_type=content_type)
    response.headers.update(_HEADERS)
    if takes_it:
        response.headers["Content-Encoding"] = "gzip"
    return response


def _groups(contract: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The operations by tag, each with its path, method and parameters. Of those that are served
    twice, the one at the root stands for both."""
    parameters = contract["components"]["parameters"]
    groups: dict[str, list[dict[str, Any]]] = {tag["name"]: [] for tag in contract["tags"]}
    for path, item in contract["paths"].items():
        shared = item.get("parameters", [])
        for method, operation in item.items():
            if method == "parameters" or operation["operationId"].endswith("_of_event"):
                continue
            names = [
                each["$ref"].rpartition("/")[2] for each in (*shared, *operation["parameters"])
            ]
            described = {
                "path": path,
                "method": method.upper(),
                "parameters": [parameters[name] for name in names],
            }
            groups[operation["tags"][0]].append(operation | described)
    return groups
