"""The service with a thread for each call on one seat too, as with a database: so that calls race.
Run ``python -m tests.live.in_threads``."""

import sys

import booking.http.brief

if __name__ == "__main__":
    sys.argv = ["wsgi.py"]
    booking.http.brief.is_brief = lambda path: False

    import wsgi

    wsgi.main()
