"""A clock a journey sets: the test and the portal's web server read from one file how far it stands from the real one.

It runs on by itself, so that what happens later on a day is later. Nothing outside these tests can move the portal.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Lock
from typing import Any

import time_machine

Application = Callable[..., Iterable[bytes]]


def real() -> float:
    moved = time_machine.escape_hatch.is_travelling()
    return time_machine.escape_hatch.time.time() if moved else time.time()


def set_file(file: Path, moment: dt.datetime) -> float:
    """Writes how far the moment lies from now, in one piece; the moment as it is read back."""
    text = repr(moment.timestamp() - real())
    new = file.with_suffix(".new")
    new.write_text(text)
    new.replace(file)
    return real() + float(text)


class Clock:
    """The test's end: whoever moves it moves the server's too, from the next request on."""

    def __init__(self, file: Path, here: time_machine.Coordinates) -> None:
        self.file, self.here = file, here

    def move_to(self, destination: dt.datetime) -> None:
        self.here.move_to(set_file(self.file, destination))


def follow(application: Application, file: Path) -> Application:
    """The server's end: before each request its clock is set as the file says, if that has changed."""
    told = file.read_text()
    here = time_machine.travel(real() + float(told), tick=True).start()
    lock = Lock()

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        nonlocal told
        with lock:
            if (now := file.read_text()) != told:
                here.move_to(real() + float(now))
                told = now
        return application(environ, start_response)

    return answer
