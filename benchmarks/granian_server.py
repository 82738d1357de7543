"""The service under granian, a server in Rust: the same application, without our own access log,
refusals and limits for connections.
"""

import os

from granian import Granian
from granian.constants import Interfaces

if __name__ == "__main__":
    Granian(
        "wsgi:app",
        address="127.0.0.1",
        port=int(os.environ["BOOKING_PORT"]),
        interface=Interfaces.WSGI,
        workers=1,
        # Of several, the one that has the interpreter keeps it, and some requests wait for many:
        # the slowest hundredth four to six times as long as the median, instead of twice.
        blocking_threads=1,
        log_enabled=False,
    ).serve()
