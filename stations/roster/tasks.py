"""What this room does in the background; `stations/tasks.py` names it to the worker. The work is in services."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.utils import timezone
from procrastinate.contrib.django import app

from jinhua_labor.accounts.models import User
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.attachments.models import Attachment
from jinhua_labor.attachments.services import store_generated
from jinhua_labor.core.clock import today
from jinhua_labor.jobs.services import JobHandle, background
from jinhua_labor.review.states import State

from .enums import BatchState
from .models import ImportBatch, RosterList
from .queries.listing import Filters, filtered
from .services import committing, exporting, insurance, reading, recount

KEEP_OPEN_DAYS = 400
UNDER_REVIEW = (State.SUBMITTED, State.RETURNED, State.SCREENED)


@background(name="roster.read", repeatable=True)
def read_batch(job: JobHandle, *, batch: str, sheet: int | None = None) -> None:
    """① reading a large file."""
    found = reading.read(batch_id=batch, sheet=sheet, progress=job.progress)  # type: ignore[arg-type]
    if found.state == BatchState.FAILED:
        job.message = found.problem


@background(name="roster.commit", repeatable=True)
def commit_batch(job: JobHandle, *, batch: str, by: str, default_form: str, consented: bool) -> None:
    """③ committing a large file, then the count."""
    found = ImportBatch.objects.select_related("roster_list").get(pk=batch)
    user = User.objects.get(pk=by)
    job.progress(0, 2, "正在写入名册")
    done = committing.commit(batch=found, by=user, default_form=default_form, consented=consented)
    job.progress(1, 2, "正在核算人数")
    recount.recount_list(roster_list=found.roster_list)
    job.message = f"已写入 {done.added + done.corrected} 行。"


@background(name="roster.recount", repeatable=True)
def recount_one(job: JobHandle, *, roster_list: str) -> None:
    """The count of a large list."""
    found = recount.recount_list(roster_list=RosterList.objects.get(pk=roster_list))
    job.message = f"计入 {found.counted} 人，待核 {found.pending} 人，不计 {found.excluded} 行。"


@background(name="roster.insurance", repeatable=True)
def import_insurance(
    job: JobHandle, *, roster_list: str, file: str, month_from: int, month_to: int, source: str, by: str
) -> None:
    """A large insurance extract."""
    extract = insurance.bring_in(
        roster_list=RosterList.objects.get(pk=roster_list),
        file=Attachment.objects.get(pk=file),
        asked=insurance.Asked(month_from, month_to, source),
        by=User.objects.get(pk=by),
    )
    job.message = f"查询 {extract.asked} 人，查到 {extract.found} 人，{extract.unmatched} 行不是本名册人员。"


@background(name="roster.export", repeatable=True)
def export_list(job: JobHandle, *, roster_list: str, kind: str, purpose: str, by: str, filters: dict[str, Any]) -> None:
    """A long list as a workbook; the file is opened by a logged click like every secret one."""
    user, found = User.objects.get(pk=by), RosterList.objects.select_related("operator").get(pk=roster_list)
    rows = filtered(found, Filters(**filters))
    data = exporting.export(roster_list=found, rows=rows, kind=kind, purpose=purpose, by=user)
    job.result = store_generated(
        data,
        name=exporting.file_name(found, kind),
        file_type="xlsx",
        by=user,
        organisation=user.organisation,  # type: ignore[arg-type]
        audience=Audience.PARTY_AND_OFFICE if not user.is_office else Audience.OFFICE,
        secret=True,
        kind="roster_export",
    )


# E10 becomes E09 as months go by without a change of data.
@app.periodic(cron="40 2 * * *")
@app.task(name="roster.recount_open", queueing_lock="roster.recount_open")
def recount_open(timestamp: int) -> None:  # noqa: ARG001  procrastinate passes the moment by this name
    """Counts the open lists as of today, and those under review as of the day they were handed in: what the office
    corrected of an employer since reaches them here."""
    since = timezone.now() - dt.timedelta(days=KEEP_OPEN_DAYS)
    recent = RosterList.objects.filter(created_at__gte=since, rows__gt=0)
    due = recent.filter(
        Q(locked_at__isnull=True) & ~Q(counted_as_of=today(), recount_due=False)
        | Q(locked_at__isnull=False, application__review__state__in=UNDER_REVIEW)
    )
    for roster_list in due.order_by("pk"):
        recount.recount_list(roster_list=roster_list)


# A commit ends before its count begins; a process killed in between leaves the list marked.
@app.periodic(cron="* * * * *")
@app.task(name="roster.recount_due", queueing_lock="roster.recount_due")
def recount_due(timestamp: int) -> None:  # noqa: ARG001  procrastinate passes the moment by this name
    """Counts the lists whose rows changed without a count following."""
    for roster_list in RosterList.objects.filter(recount_due=True).order_by("pk"):
        recount.recount_list(roster_list=roster_list)
