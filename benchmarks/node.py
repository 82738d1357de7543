"""The same service on Express, with its seats in memory or in PostgreSQL; and what npm installs."""

import json
import subprocess
from dataclasses import replace
from pathlib import Path

from benchmarks.databases import Engine
from benchmarks.output import progress
from benchmarks.servers import Program, ServerError
from benchmarks.tools import available

_EXPRESS = Path(__file__).parent / "express"


def express() -> list[Program]:
    """Return Express with its seats in memory, if it can be installed."""
    return _express("Express", "server.js")


def express_with_pg(postgres: Engine) -> list[Program]:
    """Return Express with its seats in PostgreSQL, if it can be installed."""
    programs = _express("Express with pg", "durable.js")
    return [replace(program, engine=postgres) for program in programs]


def _express(name: str, script: str) -> list[Program]:
    if not available("node", "npm", purpose="the comparison with Express"):
        return []
    try:
        install(_EXPRESS)
    except ServerError as error:
        progress(f"The comparison with Express is left out. {error}")
        return []
    command = ("node", str(_EXPRESS / script))
    return [Program(name, command, environ={"NODE_ENV": "production"})]


def install(folder: Path) -> None:
    """Install what the package.json of a folder names, unless it is there. Raises ServerError."""
    wanted = json.loads((folder / "package.json").read_text())["dependencies"]
    if all(_installed(folder, package) == version for package, version in wanted.items()):
        return
    names = ", ".join(wanted)
    progress(f"Installing {names} from npm …")
    command = ("npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent")
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stdout + done.stderr).strip()
        raise ServerError(f"npm could not install {names} in {folder}. {said}")


def _installed(folder: Path, package: str) -> str | None:
    about = folder / "node_modules" / package / "package.json"
    return str(json.loads(about.read_text())["version"]) if about.exists() else None
