"""Pages asked for one at a time over one kept connection: how long each answer takes, and how many queries it makes."""

from __future__ import annotations

import http.client
import re
import time
from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')


class Ask(NamedTuple):
    """A page: its address, what a form there sends (None: the page is only read), and the answer that is right."""

    address: str
    sends: dict[str, str] | None = None
    status: int = 200


class Browser:
    """A person signed in, on one connection that stays open. A form's answer is what comes back first: a redirect
    is not followed."""

    def __init__(self, port: int, session: str, form: str) -> None:
        """`form` is a page with any form: its token is sent with every form."""
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookie = f"{settings.SESSION_COOKIE_NAME}={session}"
        answer, body = self._ask("GET", form, None)
        found = _TOKEN.search(body)
        if found is None:
            raise SystemExit(f"{form}: {answer.status}, no form on it")
        self._token = found.group(1).decode()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie" and value.startswith(f"{settings.CSRF_COOKIE_NAME}="):
                self._cookie += f"; {value.partition(';')[0]}"

    def seconds(self, ask: Ask) -> float:
        """From the request to the last byte of its answer."""
        body = None
        if ask.sends is not None:
            body = urlencode({**ask.sends, "csrfmiddlewaretoken": self._token})
        start = time.perf_counter()
        answer, _ = self._ask("GET" if body is None else "POST", ask.address, body)
        taken = time.perf_counter() - start
        if answer.status != ask.status:
            raise SystemExit(f"{ask.address}: {answer.status}")
        return taken

    def _ask(self, method: str, address: str, body: str | None) -> tuple[http.client.HTTPResponse, bytes]:
        headers = {"Cookie": self._cookie, "Accept": "text/html"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, address, body, headers)
        answer = self._connection.getresponse()
        return answer, answer.read()


def queries(client: Client, ask: Ask) -> int:
    """How many the page makes, those of session and user included, without the note of activity once a minute."""
    found = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as caught:
            answer = client.get(ask.address) if ask.sends is None else client.post(ask.address, ask.sends)
        if answer.status_code != ask.status:
            raise SystemExit(f"{ask.address}: {answer.status_code}")
        found.append(len(caught))
    return min(found)
