"""What this room does in the background; `stations/tasks.py` names it to the worker."""

from __future__ import annotations

from jinhua_labor.accounts.models import User
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from jinhua_labor.jobs.services import JobHandle, background
from stations.registry.models import Station
from stations.registry.queries.papers import numbered_period

from . import printing


@background(name="ledger.book", repeatable=True)
def make_book(job: JobHandle, *, station: str, number: int, purpose: str, by: str) -> None:
    """The year's ledger as a book; a second run after a killed first one prints it once more."""
    row = Station.objects.select_related("operator").get(pk=station)
    period = numbered_period(row, number, until=max(today(), row.established_on))
    if period is None:
        raise Refused("该年度还没有开始。")
    user = User.objects.select_related("organisation").get(pk=by)
    book = printing.make_book(
        station=row,
        period=period,
        purpose=purpose,
        by=user,
        progress=lambda done, total: job.progress(done, total, "正在排版各项台账"),
    )
    job.result = book.file
    job.message = f"共 {book.pages} 页。"
