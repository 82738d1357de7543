"""Clients that are made of the contract as docs/clients.md says buy a seat with its programs."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.page import blocks
from tests.live.server import ROOT, Server

PAGE = ROOT / "docs" / "clients.md"
PACKAGES = ROOT / "tests" / "browser" / "node_modules"
ADDRESS = "http://127.0.0.1:8080"


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        yield server


def run(folder: Path, *command: str | Path) -> str:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    # Generators warn of what they leave out.
    assert "Unable to" not in done.stdout + done.stderr
    return done.stdout


def save_contract(server: Server, folder: Path) -> None:
    with server.client() as client:
        (folder / "openapi.json").write_text(client.call("GET", "/openapi.json").text)


def save_program(server: Server, language: str, file: Path) -> None:
    (program,) = (block.text for block in blocks(PAGE) if block.kind == language)
    assert ADDRESS in program
    file.write_text(program.replace(ADDRESS, f"http://127.0.0.1:{server.address[1]}"))


def is_booked(server: Server, seat: str, told: str) -> bool:
    with server.client() as client:
        status = client.call("GET", f"/seats/{seat}").json["seat"]["status"]
    return status == "booked" and "Booked: " in told


def test_a_client_in_python_buys_a_seat(server: Server, tmp_path: Path) -> None:
    save_contract(server, tmp_path)
    save_program(server, "python", tmp_path / "buy.py")
    generator = Path(sys.executable).with_name("openapi-python-client")
    said = ("generate", "--path", "openapi.json", "--meta", "none")
    run(tmp_path, generator, *said, "--output-path", "booking_client")
    assert is_booked(server, "7", run(tmp_path, sys.executable, "buy.py"))


def test_a_client_in_typescript_buys_a_seat(server: Server, tmp_path: Path) -> None:
    if not (PACKAGES / "openapi-fetch").exists():
        pytest.skip("Its packages are missing: npm --prefix tests/browser ci brings them.")
    save_contract(server, tmp_path)
    save_program(server, "typescript", tmp_path / "buy.ts")
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "node_modules").symlink_to(PACKAGES)
    programs = PACKAGES / ".bin"
    run(tmp_path, programs / "openapi-typescript", "openapi.json", "-o", "booking.d.ts")
    target = ("--module", "nodenext", "--target", "es2022", "--lib", "es2022,dom")
    run(tmp_path, programs / "tsc", "--strict", *target, "buy.ts")
    assert is_booked(server, "8", run(tmp_path, "node", "buy.js"))
