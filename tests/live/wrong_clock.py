"""The service on a machine whose clock is wrong by some seconds. Run
``python -m tests.live.wrong_clock -- -3600``."""

import sys
import time

if __name__ == "__main__":
    ahead = float(sys.argv.pop())
    right = time.time
    time.time = lambda: right() + ahead

    import wsgi

    sys.argv = ["wsgi.py"]
    wsgi.main()
