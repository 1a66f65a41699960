"""A process of its own that is killed in the middle of its transaction, on the database of the test."""

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


def run_and_kill(script: str, folder: Path) -> None:
    """Runs the script until it prints "here", kills it with SIGKILL, and waits until its transaction is gone."""
    path = folder / "step.py"
    path.write_text(script, encoding="utf-8")
    env = {
        **os.environ,
        "DATABASE_URL": url_of_test_database(),
        "DJANGO_SETTINGS_MODULE": "jinhua_labor.settings",
        "PYTHONPATH": str(settings.BASE_DIR),
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
    }
    with subprocess.Popen([sys.executable, str(path)], env=env, stdout=subprocess.PIPE) as process:
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
