"""The service under the path ``/box/office``, as a reverse proxy may put it.

Run as ``python -m tests.browser.prefixed``.
"""

import os

from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from booking import create_app
from booking.api.administration import body_limit
from booking.api.problems import refusals
from booking.server import serve
from booking.settings import Settings


def main() -> None:
    settings = Settings.from_environ(os.environ)
    serve(
        lambda: DispatcherMiddleware(NotFound(), {"/box/office": create_app(settings)}),
        settings,
        refuse=refusals(settings.cors_origins),
        body_limit=body_limit(settings.admin_token),
        about="under /box/office.",
    )


if __name__ == "__main__":
    main()
