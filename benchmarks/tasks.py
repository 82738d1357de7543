"""How long the tasks of a page are while it opens. In processor time: a busy machine adds none."""

import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

_CATEGORIES = ["-*", "loading", "devtools.timeline", "disabled-by-default-devtools.timeline"]
_PHONE_FACTOR = 4
_LONG_MS = 50


@dataclass(frozen=True, slots=True)
class Opening:
    """What the main thread of a page did until a seat could be pressed, in milliseconds."""

    processor: float
    blocking: float
    """What tasks took beyond 50 ms each, on a processor of a quarter of the speed, after the first
    paint: Lighthouse's total blocking time, but for what other programs did meanwhile."""


def watch(browser: Browser, page: Page, url: str) -> Opening:
    """Open a page that logs "ready" when a seat can be pressed."""
    with tempfile.TemporaryDirectory() as folder:
        trace = Path(folder) / "trace.json"
        browser.start_tracing(page=page, path=trace, categories=_CATEGORIES)
        # Nothing is evaluated in the page: that would take time of its own.
        with page.expect_console_message(lambda said: said.text == "ready", timeout=120_000):
            page.goto(url, wait_until="commit")
        browser.stop_tracing()
        return _summary(json.loads(trace.read_bytes())["traceEvents"])


def _summary(events: list[dict[str, Any]]) -> Opening:
    threads = Counter((e["pid"], e["tid"]) for e in events if e["name"] == "FunctionCall")
    [(main, _)] = threads.most_common(1)
    mine = [event for event in events if (event["pid"], event["tid"]) == main]
    paint = min(event["ts"] for event in mine if event["name"] == "firstContentfulPaint")
    tasks = list(_outermost(mine))
    later = (took for began, took in tasks if began >= paint)
    return Opening(
        processor=sum(took for _, took in tasks),
        blocking=sum(max(0, _PHONE_FACTOR * took - _LONG_MS) for took in later),
    )


def _outermost(events: list[dict[str, Any]]) -> Iterator[tuple[int, float]]:
    """When each task began, in microseconds, and how long it kept the processor."""
    end = 0
    for event in sorted(events, key=lambda event: (event["ts"], -event.get("dur", 0))):
        if event["ph"] == "X" and event["name"] == "RunTask" and event["ts"] >= end:
            end = event["ts"] + event["dur"]
            yield event["ts"], event.get("tdur", 0) / 1000
