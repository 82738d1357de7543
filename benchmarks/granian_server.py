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
        blocking_threads=8,
        log_enabled=False,
    ).serve()
