"""Processes of their own on the database of the test: one that is killed in the middle of its transaction, several that
do the same at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.parse
from pathlib import Path

from django.conf import settings
from django.db import connection


def url_of_test_database() -> str:
    parts = connection.settings_dict
    password = urllib.parse.quote(str(parts["PASSWORD"]))
    return f"postgres://{parts['USER']}:{password}@{parts['HOST']}:{parts['PORT']}/{parts['NAME']}"


def _environment() -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": url_of_test_database(),
        "DJANGO_SETTINGS_MODULE": "jinhua_labor.settings",
        "PYTHONPATH": str(settings.BASE_DIR),
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
    }


_STOPPING = """
import django, time, uuid
django.setup()
import importlib
{before}
place = importlib.import_module("{module}")
step = getattr(place, "{stop}")
def stop(*args, **kwargs):
    found = step(*args, **kwargs)
    print("here", flush=True)
    time.sleep(60)
    return found
setattr(place, "{stop}", stop)
{call}
"""


def kill_behind(module: str, stop: str, call: str, folder: Path, *, before: str = "") -> None:
    """Runs `call` until the function `stop` of the module has returned, and kills the process there."""
    run_and_kill(_STOPPING.format(before=before, module=module, stop=stop, call=call), folder)


def run_at_once(script: str, folder: Path, *, processes: int = 2) -> list[str]:
    """The script in so many processes; each waits with `input()` until all have come so far. What they said last, or
    an AssertionError where one of them ended badly."""
    path = folder / "at_once.py"
    path.write_text(script, encoding="utf-8")
    pipe = subprocess.PIPE
    running = [
        subprocess.Popen(
            [sys.executable, str(path)], env=_environment(), stdin=pipe, stdout=pipe, stderr=pipe, text=True
        )
        for _ in range(processes)
    ]
    for process in running:
        assert process.stdout is not None
        process.stdout.readline()  # it is ready
    for process in running:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    ended = [process.communicate(timeout=120) for process in running]
    assert [process.returncode for process in running] == [0] * processes, "\n".join(error for _, error in ended)
    return [said.strip().splitlines()[-1] for said, _ in ended]


def run_and_kill(script: str, folder: Path) -> None:
    """Runs the script until it prints "here", kills it with SIGKILL, and waits until its transaction is gone."""
    path = folder / "step.py"
    path.write_text(script, encoding="utf-8")
    with subprocess.Popen([sys.executable, str(path)], env=_environment(), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"here"
        process.send_signal(signal.SIGKILL)
        process.wait()
    deadline = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND state LIKE 'idle in transaction%'"
            )
            if not cursor.fetchone()[0]:
                return
            time.sleep(0.05)
    raise AssertionError("the killed process still holds its transaction")
