"""The contract of the service as a page: ``GET /docs``."""

from functools import cached_property
from typing import Any

from flask import Blueprint, Flask, current_app, render_template

from booking.api.openapi.document import document
from booking.http.application import BytesResponse
from booking.http.compression import Body, respond_coded
from booking.web.static_files import StaticFiles

blueprint = Blueprint("docs", __name__, template_folder="templates")

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none';"
        " form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-cache",
    "Referrer-Policy": "same-origin",
}


class DocsPage:
    """The page, which is the same for all. Made when somebody asks for it."""

    @cached_property
    def body(self) -> Body:
        static: StaticFiles = current_app.extensions["static_files"]
        contract = document()
        text = render_template(
            "docs.html",
            static=f"static/{static.digest}",
            contract=contract,
            groups=_groups(contract),
            schemas=contract["components"]["schemas"],
        )
        return Body(text.encode())


def register(app: Flask) -> None:
    """Serve the page."""
    app.extensions["docs_page"] = DocsPage()
    app.register_blueprint(blueprint)


@blueprint.get("/docs")
def see_docs() -> BytesResponse:
    """The calls, what they take and what they answer, for a person to read."""
    page: DocsPage = current_app.extensions["docs_page"]
    response = respond_coded(page.body.plain, page.body.coded, "text/html; charset=utf-8")
    response.headers.update(_HEADERS)
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
