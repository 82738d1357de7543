"""``python -m benchmarks``: measure everything and print tables."""

import argparse
import platform
import signal
import sys
from collections.abc import Callable
from dataclasses import replace

from benchmarks import (
    application,
    bloat,
    choosing,
    comparison,
    durable,
    events,
    followers,
    idle,
    keys,
    layers,
    listing,
    parties,
    past,
    pinning,
    registry,
    staircase,
    starting,
)
from benchmarks.effort import QUICK, Effort
from benchmarks.load import MAX_SECONDS, LoadError
from benchmarks.output import progress
from benchmarks.servers import ServerError

_PARTS: dict[str, Callable[[Effort], None]] = {
    "http": comparison.run,
    "staircase": staircase.run,
    "application": application.run,
    "pinning": pinning.run,
    "idle": idle.run,
    "registry": registry.run,
    "listing": listing.run,
    "choosing": choosing.run,
    "durable": durable.run,
    "layers": layers.run,
    "parties": parties.run,
    "keys": keys.run,
    "events": events.run,
    "bloat": bloat.run,
    "past": past.run,
    "starting": starting.run,
    "followers": followers.run,
}


def _whole(most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"must be a whole number from 1 to {most}")
        return int(text)

    return parse


def main() -> None:
    """Run the benchmarks that the command line names."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure the service: over HTTP beside Express and a bare waitress (with wrk);"
        " what each layer adds to that waitress;"
        " the application alone, beside a constant answer of Flask;"
        " with and without pinning to one processor core; the registry, the seat list and the"
        " choice of seats alone; with a database, beside Express with pg and beside the"
        " statements alone, and which layer takes the time; and thousands of clients that follow a"
        " sale through nginx. Tables go to standard output, progress to standard error.",
        epilog="Ratios within one run are reliable. Absolute numbers depend on this machine at this"
        " moment.",
    )
    parser.add_argument(
        "--only", choices=_PARTS, action="append", help="run only this part; repeatable"
    )
    parser.add_argument(
        "--quick", action="store_true", help="run everything once and briefly, to see that it works"
    )
    parser.add_argument("--rounds", type=_whole(100), help=f"default {Effort().rounds}")
    parser.add_argument(
        "--seconds",
        type=_whole(MAX_SECONDS),
        help=f"length of each measurement over HTTP, default {Effort().seconds}",
    )
    options = parser.parse_args()
    effort = QUICK if options.quick else Effort()
    effort = replace(
        effort,
        rounds=options.rounds or effort.rounds,
        seconds=options.seconds or effort.seconds,
    )

    # Exit through the context managers that stop the servers.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    print(
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()};"
        f" rounds: {effort.rounds}, seconds per measurement: {effort.seconds}\n\n"
        "Over HTTP: CPU is the server's processor time per request; busy is the share of a core"
        " that it used.\nA share well below 100 % means that the machine was doing something else;"
        " rounds below 60 % do not count.\n"
    )
    failed = False
    try:
        for part in options.only or _PARTS:
            try:
                _PARTS[part](effort)
            except (LoadError, ServerError) as error:
                failed = True
                progress(f"!!! There are no results for {part}. {error}")
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    sys.exit(failed)


if __name__ == "__main__":
    main()
