"""A real web process on the test database, and a browser that speaks to it over a socket."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from jinhua_labor.accounts.models import User
from tests.killing import url_of_test_database

TOKEN = "a" * 32


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Web:
    """The portal under gunicorn: one worker, which its master starts again when it dies."""

    port: int
    mark: Path
    process: subprocess.Popen[bytes]
    cookies: dict[str, str] = field(default_factory=dict)

    def sign_in(self, user: User) -> None:
        client = Client()
        client.force_login(user)
        self.cookies = {
            settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value,
            settings.CSRF_COOKIE_NAME: TOKEN,
        }

    def _headers(self) -> dict[str, str]:
        return {
            "Host": f"127.0.0.1:{self.port}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-CSRFToken": TOKEN,
        }

    def ask(self, method: str, path: str, data: dict[str, Any] | None = None) -> tuple[int, str]:
        """Status and body; raises OSError or HTTPException when the process dies before it answers."""
        body = encode_multipart(BOUNDARY, data) if data is not None else None
        headers = self._headers() | ({"Content-Type": MULTIPART_CONTENT} if body is not None else {})
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            link.request(method, path, body=body, headers=headers)
            answer = link.getresponse()
            return answer.status, answer.read().decode(errors="replace")
        finally:
            link.close()

    def get(self, path: str) -> tuple[int, str]:
        return self.ask("GET", path)

    def post(self, path: str, data: dict[str, Any]) -> tuple[int, str]:
        return self.ask("POST", path, data)

    def half_a_post(self, path: str, data: dict[str, Any]) -> None:
        """Sends the head and half of the body and hangs up."""
        body = encode_multipart(BOUNDARY, data)
        lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in self._headers().items())]
        lines += [f"Content-Type: {MULTIPART_CONTENT}", f"Content-Length: {len(body)}", "", ""]
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as link:
            link.sendall("\r\n".join(lines).encode() + body[: len(body) // 2])

    def wait_for_stop(self) -> int:
        """The process id of the worker that stands at the stop."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.mark.exists() and (text := self.mark.read_text(encoding="ascii")):
                return int(text)
            time.sleep(0.02)
        raise AssertionError("停顿点没有到达")

    def kill_worker(self) -> None:
        """SIGKILL to the worker that stands at the stop; its transaction is gone when this returns."""
        os.kill(self.wait_for_stop(), signal.SIGKILL)
        wait_until_idle()
        self.mark.unlink()

    def wait_until_up(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if self.get("/healthz")[0] == 200:
                    return
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)
        raise AssertionError("门户没有启动")


def wait_until_idle() -> None:
    """Until PostgreSQL has noticed that the other side is gone."""
    deadline = time.monotonic() + 20
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND (state = 'active' OR state LIKE 'idle in transaction%%')"
            )
            if not cursor.fetchone()[0]:
                return
            time.sleep(0.05)
    raise AssertionError("被杀的进程仍占着事务")


@contextmanager
def serving(tmp_path: Path, *, stop_after: str = "") -> Iterator[Web]:
    """A web process that stops once after `stop_after` ("module:function") has done its work."""
    port, mark = free_port(), tmp_path / "stop.mark"
    env = {
        **os.environ,
        "DATABASE_URL": url_of_test_database(),
        "DJANGO_SETTINGS_MODULE": "jinhua_labor.settings",
        "PORTAL_LOCAL": "on",
        "PORTAL_TESTING": "on",
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "STOP_AFTER": stop_after,
        "STOP_MARK": str(mark),
    }
    command = [sys.executable, "-m", "gunicorn", "-b", f"127.0.0.1:{port}", "--workers", "1", "--timeout", "120"]
    process = subprocess.Popen(
        [*command, "--log-level", "critical", "tests.faults.hooked_wsgi"],
        cwd=settings.BASE_DIR,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    web = Web(port, mark, process)
    try:
        web.wait_until_up()
        yield web
    finally:
        mark.unlink(missing_ok=True)
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        wait_until_idle()
