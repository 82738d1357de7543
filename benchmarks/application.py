"""What a request costs in the application alone: beside a view of Flask that returns a constant."""

import io
import time
from collections.abc import Callable
from statistics import median
from typing import TYPE_CHECKING, Any

from flask import Flask

from benchmarks.effort import Effort
from benchmarks.output import Goal, heading, progress, table
from benchmarks.steps import constant
from booking.app import create_app
from booking.http.application import Application
from booking.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_GOAL = Goal(25, at_most=True)
_BATCH = 100


def run(effort: Effort) -> None:
    """Measure and print."""
    batches = effort.repeats
    rounds = []
    for number in range(1, effort.rounds + 1):
        progress(f"The application alone, round {number} of {effort.rounds}")
        rounds.append(_costs(batches))
    plain = median(each["constant"] for each in rounds)
    heading(
        "The application alone",
        "Processor time of a request, in process, on one thread, without sockets: microseconds, the"
        f" fastest of {batches:,}\nbatches of {_BATCH}; the median of the rounds. Ours is what is"
        " beyond a view of the same Flask that returns a\nconstant answer.",
    )
    rows = [("constant, plain Flask", f"{median(e['flask'] for e in rounds):.1f}", "", "", "", "")]
    rows.append(("constant", f"{plain:.1f}", "", "", "", ""))
    for call in ("lock", "confirm", "lock, without a token"):
        costs = [each[call] for each in rounds]
        ours = sorted(each[call] - each["constant"] for each in rounds)
        middle = median(ours)
        rows.append(
            (
                call,
                f"{median(costs):.1f}",
                f"{middle:.1f}",
                f"{ours[0]:.1f} – {ours[-1]:.1f}",
                str(_GOAL),
                _GOAL.verdict(middle),
            )
        )
    table(("request", "µs", "ours, µs", "range", "goal", "result"), rows)


def _costs(batches: int) -> dict[str, float]:
    """Microseconds of each kind of request. They take turns, since the machine is not as fast at
    one moment as at another."""
    fastest: dict[str, float] = {}
    seats = batches * _BATCH
    settings = Settings(seats=seats)
    house, other = create_app(settings), create_app(settings)
    plain, ours = constant(Flask("plain")), constant(Application("constant"))
    for first in range(1, seats + 1, _BATCH):
        for name, app, act, with_token in (
            ("flask", plain, "lock", True),
            ("constant", ours, "lock", True),
            ("lock", house, "lock", True),
            ("confirm", house, "confirm", True),
            ("lock, without a token", other, "lock", False),
        ):
            environs = [
                _environ(f"/{act}/{seat}", f"{seat:032}" if with_token else None)
                for seat in range(first, first + _BATCH)
            ]
            took = _time(app.wsgi_app, environs)
            fastest[name] = min(fastest.get(name, took), took)
    for app in (house, other):
        app.extensions["box_office"].close()
    return fastest


def _time(app: "WSGIApplication", environs: list[dict[str, Any]]) -> float:
    """Microseconds of processor time for one of these requests."""
    statuses: list[str] = []

    def start_response(status: str, *_: object) -> Callable[..., Any]:
        statuses.append(status)
        return statuses.append

    start = time.thread_time()
    for environ in environs:
        for _ in app(environ, start_response):
            pass
    took = time.thread_time() - start
    if refused := [status for status in statuses if status != "200 OK"]:
        raise AssertionError(f"A request was answered with {refused[0]}.")
    return took / len(environs) * 1e6


def _environ(path: str, token: str | None) -> dict[str, Any]:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost:8080",
        "HTTP_USER_AGENT": "curl/8.0",
        "HTTP_ACCEPT": "*/*",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": "0",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
    }
    if token is not None:
        environ["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return environ
