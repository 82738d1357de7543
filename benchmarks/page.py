"""``python -m benchmarks.page``: measure the page that buyers see, in Chromium.

How it opens at three speeds of a line, what is sent, what Lighthouse says of it on a phone, how it
moves, and what it holds in memory while others buy.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from benchmarks.houses import TOKEN, address, call, open_event
from benchmarks.node import install
from benchmarks.output import heading, progress, table
from benchmarks.servers import Server, running, service
from benchmarks.tasks import watch
from benchmarks.tools import available

_LIGHTHOUSE = Path(__file__).parent / "lighthouse"
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_HOUSES = (10, 500, 20_000, 50_000)
_LINES = {"400 kbit/s": 50_000, "1.6 Mbit/s": 200_000, "10 Mbit/s": 1_250_000}
"""Bytes a second by name; the delay is 100 ms for all."""
_PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "has_touch": True}
_DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
_SALES_A_SECOND = 10

_NOTE_WHEN_READY = """
    const look = () => {
        const live = document.querySelector("#connection")?.dataset.state === "live";
        if (live && document.querySelector("seat-map").seatCount) {
            window.ready = performance.now();
            console.log("ready");
        } else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
"""
_BYTES = "performance.getEntries().reduce((sum, { transferSize = 0 }) => sum + transferSize, 0)"
_MOVE = """
    (seconds) => new Promise((resolve) => {
        const map = document.querySelector("seat-map");
        map.zoom("in");
        const { left, top, width, height } = map.getBoundingClientRect();
        const at = { clientX: left + width / 2, clientY: top + height / 2 };
        const frames = [];
        let before = 0;
        const start = performance.now();
        const move = (now) => {
            if (before) frames.push(now - before);
            before = now;
            if (now - start > 1000 * seconds) return resolve(frames);
            // Nearer and farther by turns: every frame shows another picture.
            const deltaY = Math.floor((now - start) / 500) % 2 ? 12 : -12;
            map.querySelector("canvas").dispatchEvent(
                new WheelEvent("wheel", { ...at, deltaY, ctrlKey: true, cancelable: true }),
            );
            requestAnimationFrame(move);
        };
        requestAnimationFrame(move);
    })
"""


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.page",
        description="Measure the page that buyers see, in Chromium. Tables go to standard output.",
    )
    parser.add_argument(
        "--houses", type=int, nargs="+", default=_HOUSES, help="numbers of seats to measure"
    )
    parser.add_argument(
        "--live",
        type=float,
        default=30,
        metavar="SECONDS",
        help="how long to watch the memory of the page during a sale, default 30; 3600 is an hour",
    )
    parser.add_argument("--no-lighthouse", action="store_true", help="leave Lighthouse out")
    options = parser.parse_args()
    chromium = next(filter(None, map(shutil.which, _CHROMIUM)), None)
    if chromium is None:
        sys.exit("There is no Chromium: apt-get install chromium, or its like, brings one.")
    use_lighthouse = not options.no_lighthouse and available("node", "npm", purpose="Lighthouse")
    if use_lighthouse:
        install(_LIGHTHOUSE)
    program = service(admin_token=TOKEN)
    with (
        running(program, seats=10, core=None) as server,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"]) as browser,
    ):
        for seats in options.houses:
            open_event(server, seats)
        _opening(server, browser, options.houses)
        _working(server, browser, options.houses)
        if use_lighthouse:
            _by_lighthouse(server, chromium, options.houses)
        _moving(server, browser, options.houses)
        _memory(server, browser, options.houses, options.live)


def _opening(server: Server, browser: Browser, houses: list[int]) -> None:
    heading(
        "Opening",
        "Bytes of the first view as they are sent, and seconds until a seat can be pressed: on a"
        " phone of 360 pixels, a delay of 100 ms.",
    )
    rows = []
    for seats in houses:
        sent, cells = 0, []
        for name, speed in _LINES.items():
            progress(f"Opening {seats:,} seats at {name}")
            with _visit(browser, _PHONE) as (page, line):
                _slow_down(line, speed)
                page.goto(address(server, seats), wait_until="commit")
                _wait(page)
                cells.append(f"{page.evaluate('ready') / 1000:.1f}")
                sent = page.evaluate(_BYTES)
        rows.append((f"{seats:,} seats", f"{sent / 1000:,.0f} KB", *cells))
    table(("", "sent", *_LINES), rows)


def _working(server: Server, browser: Browser, houses: list[int]) -> None:
    heading(
        "Working",
        "Milliseconds of processor time until a seat can be pressed, and what tasks take beyond 50"
        " ms each on a processor of a quarter of the speed; medians of three.",
    )
    rows = []
    for seats in houses:
        progress(f"Working on {seats:,} seats")
        found = []
        for _ in range(3):
            with _visit(browser, _PHONE) as (page, _line):
                found.append(watch(browser, page, address(server, seats)))
        processor = median(opening.processor for opening in found)
        blocking = median(opening.blocking for opening in found)
        rows.append((f"{seats:,} seats", f"{processor:.0f}", f"{blocking:.0f}"))
    table(("", "processor", "blocking"), rows)


def _by_lighthouse(server: Server, chromium: str, houses: list[int]) -> None:
    heading("Lighthouse, mobile", "Performance, of 100; times on its simulated phone.")
    rows = []
    for seats in houses:
        progress(f"Lighthouse looks at {seats:,} seats")
        found = _lighthouse(address(server, seats), chromium)
        if found is None:
            rows.append((f"{seats:,} seats", "failed", "", "", ""))
            continue
        score = found["categories"]["performance"]["score"] * 100
        audits = ("largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift")
        said = [found["audits"][audit]["displayValue"] for audit in audits]
        rows.append((f"{seats:,} seats", f"{score:.0f}", *said))
    columns = ("largest contentful paint", "total blocking time", "layout shift")
    table(("", "performance", *columns), rows)


def _lighthouse(url: str, chromium: str) -> dict[str, Any] | None:
    command = (
        str(_LIGHTHOUSE / "node_modules/.bin/lighthouse"),
        url,
        "--quiet",
        "--output=json",
        "--only-categories=performance",
        "--chrome-flags=--headless=new --no-sandbox",
    )
    environ = os.environ | {"CHROME_PATH": chromium}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        progress(f"Lighthouse failed. {done.stderr.strip()[-500:]}")
        return None
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _moving(server: Server, browser: Browser, houses: list[int]) -> None:
    heading("Moving", "Milliseconds a frame while it is zoomed in and out; 16.7 is 60 a second.")
    rows = []
    for seats in houses:
        progress(f"Moving {seats:,} seats")
        with _visit(browser, _DESK) as (page, _):
            page.goto(address(server, seats))
            _wait(page)
            frames = page.evaluate(_MOVE, 4)
        rows.append(
            (f"{seats:,} seats", f"{median(frames):.1f}", f"{quantiles(frames, n=20)[-1]:.1f}")
        )
    table(("", "median", "95th percentile"), rows)


def _memory(server: Server, browser: Browser, houses: list[int], seconds: float) -> None:
    heading(
        "Memory",
        f"Megabytes of the page's JavaScript at first and after {seconds:g} seconds of a sale with"
        f" {_SALES_A_SECOND} locks and releases a second.",
    )
    rows = []
    for seats in houses:
        progress(f"A sale of {seats:,} seats for {seconds:g} s")
        with _visit(browser, _DESK) as (page, line):
            page.goto(address(server, seats))
            _wait(page)
            before = _heap(line)
            with _sale(server, seats):
                page.wait_for_timeout(seconds * 1000)
            rows.append((f"{seats:,} seats", f"{before:.1f}", f"{_heap(line):.1f}"))
    table(("", "at first", "then"), rows)


def _heap(line: CDPSession) -> float:
    line.send("HeapProfiler.collectGarbage")
    used: float = line.send("Runtime.getHeapUsage")["usedSize"]
    return used / 1e6


@contextmanager
def _visit(browser: Browser, options: dict[str, Any]) -> Iterator[tuple[Page, CDPSession]]:
    """A page of a browser without any past, which notes when a seat can be pressed."""
    context = browser.new_context(**options)
    page = context.new_page()
    page.add_init_script(_NOTE_WHEN_READY)
    try:
        yield page, context.new_cdp_session(page)
    finally:
        context.close()


def _wait(page: Page) -> None:
    page.wait_for_function("() => window.ready", timeout=120_000)


def _slow_down(line: CDPSession, speed: int) -> None:
    line.send("Network.enable")
    conditions = {"offline": False, "latency": 100, "uploadThroughput": speed}
    line.send("Network.emulateNetworkConditions", conditions | {"downloadThroughput": speed})


@contextmanager
def _sale(server: Server, seats: int) -> Iterator[None]:
    """Let somebody lock and release seats all the time."""
    over = threading.Event()

    def sell() -> None:
        ids = [seat["id"] for seat in call(server, "GET", f"/events/e{seats}/seats")["seats"]]
        choice = random.Random(1)
        while not over.wait(1 / _SALES_A_SECOND):
            chosen = {"seats": [choice.choice(ids)]}
            for act in ("lock", "release"):
                call(server, "POST", f"/events/e{seats}/{act}", chosen)

    thread = threading.Thread(target=sell)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


if __name__ == "__main__":
    main()
