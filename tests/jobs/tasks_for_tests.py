"""Background work only tests start; the worker imports it by `PROCRASTINATE_IMPORT_PATHS`."""

from __future__ import annotations

import time

from jinhua_labor.core.errors import Refused
from jinhua_labor.jobs.services import JobHandle, background


@background(name="tests.count", repeatable=True)
def count(job: JobHandle, *, upto: int, pause: float = 0.0) -> None:
    for number in range(1, upto + 1):
        job.progress(number, upto)
        time.sleep(pause)
    job.message = f"数到 {upto}。"


@background(name="tests.once", repeatable=False)
def once(job: JobHandle, *, pause: float) -> None:
    job.progress(1, 2)
    time.sleep(pause)


@background(name="tests.refuse", repeatable=False)
def refuse(job: JobHandle) -> None:
    raise Refused("名册里没有可导入的行。")


@background(name="tests.crash", repeatable=False)
def crash(job: JobHandle) -> None:
    raise ZeroDivisionError
