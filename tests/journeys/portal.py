"""A whole portal of its own for the journeys: database with the demo's offices, web server, background worker."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from tests.databases import create, database_url, drop, migrated

__all__ = ["Portal", "create", "drop", "name_of", "prepare", "served"]
OK = 200
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Portal:
    """Where it answers, and where its rows and files lie."""

    url: str
    database: str
    media: Path
    log: Path


def environment(database: str, media: Path, **more: str) -> dict[str, str]:
    """What every process of the portal needs, as `script/server` would give it."""
    return os.environ | {
        "DATABASE_URL": database_url(database),
        "MEDIA_ROOT": str(media),
        "PORTAL_LOCAL": "on",
        "PORTAL_TESTING": "on",  # unhashed names of static files, served from the tree
        "EMAIL_URL": "dummymail://",
        "LOG_LEVEL": "WARNING",
        **more,
    }


def manage(*words: str, env: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=env, check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"manage.py {words[0]}：\n{done.stderr[-4000:]}")


def prepare(database: str, media: Path) -> None:
    """The demo, told once; every journey takes a copy of this database."""
    create(database, template=migrated())
    env = environment(database, media, STATEMENT_TIMEOUT="0")
    manage("seed_demo", "--skip-checks", env=env)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(database: str, media: Path, folder: Path, *, clock: Path | None = None) -> Iterator[Portal]:
    """Keeps the web server and the worker running; both end with the block. A server whose `clock` a journey sets has
    no worker beside it: what falls due on its days the journey itself calls."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    env = environment(database, media, PORTAL_URL=url, **({"JOURNEY_CLOCK": str(clock)} if clock else {}))
    log = folder / "portal.log"
    web = (
        "-m",
        "gunicorn",
        "-b",
        f"127.0.0.1:{port}",
        "--worker-class",
        "gthread",
        "--threads",
        "8",
        "--timeout",
        "60",
    )
    commands = [(*web, "--log-level", "warning", "tests.journeys.wsgi")]
    if clock is None:
        commands.append(("manage.py", "procrastinate", "worker", "--concurrency", "1"))
    with log.open("ab") as out:
        children = [
            subprocess.Popen(
                [sys.executable, *command], cwd=ROOT, env=env, stdout=out, stderr=out, start_new_session=True
            )
            for command in commands
        ]
    try:
        _wait(port, children[0], log)
        yield Portal(url, database, media, log)
    finally:
        for child in children:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGTERM)
        for child in children:
            with suppress(subprocess.TimeoutExpired):
                child.wait(10)
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def _wait(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        if server.poll() is not None:
            break
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            break
        time.sleep(0.1)
    with suppress(OSError), closing(HTTPConnection("127.0.0.1", port, timeout=120)) as first:
        first.request("GET", "/account/login/")  # the first page takes long: it loads everything
        with first.getresponse() as answer:
            if answer.status == OK:
                return
    raise RuntimeError(f"网页服务没有启动：\n{log.read_text(errors='replace')[-2000:]}")


def name_of(worker: str) -> str:
    """The database of one test process; the settings' own name already carries the process's under xdist."""
    return f"{os.environ.get('PORTAL_TEST_DB', 'test_portal')}_journeys_{worker}"
