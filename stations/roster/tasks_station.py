"""What stations' rosters do in the background: checks open, reminders go out, a district is counted anew."""

from __future__ import annotations

import datetime as dt

from procrastinate.contrib.django import app

from jinhua_labor.accounts.models import User
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.attachments.models import Attachment
from jinhua_labor.attachments.services import store_generated
from jinhua_labor.core.clock import today
from jinhua_labor.jobs.services import JobHandle, background
from stations.registry.models import Station

from .models import Recount
from .services import headcount, insurance, recount_station, retention, retention_list, station_query


# Every hour, not once a day: a machine that was off catches up as soon as it runs. Repeated, it does nothing.
@app.periodic(cron="20 * * * *")
@app.task(name="roster.open_retention", queueing_lock="roster.open_retention")
def open_retention(timestamp: int) -> None:  # noqa: ARG001  procrastinate passes the moment by this name
    """留用统计 opens six months after entry, and who still owes an answer is reminded (R-27)."""
    retention.open_due(day=today())
    retention.remind(day=today())


# E10 becomes E09 as months go by without a change of data.
@app.periodic(cron="55 2 * * *")
@app.task(name="roster.recount_stations", queueing_lock="roster.recount_stations")
def recount_stations(timestamp: int) -> None:  # noqa: ARG001  procrastinate passes the moment by this name
    """Counts the stations in which somebody is 待核."""
    recount_station.recount_nightly()


# The start page of the offices shows these numbers with their moment; it never reads all deliveries itself.
@app.periodic(cron="*/5 * * * *")
@app.task(name="roster.headcount", queueing_lock="roster.headcount")
def add_up_district(timestamp: int) -> None:  # noqa: ARG001  procrastinate passes the moment by this name
    """全区人数汇总 every five minutes."""
    headcount.add_up()


@background(name="roster.recount_stations_now", repeatable=True)
def recount_now(job: JobHandle, *, recount: str) -> None:
    """A station or the district counted anew because the centre asked."""
    found = recount_station.run(recount=Recount.objects.get(pk=recount), progress=job.progress)
    headcount.add_up()
    job.message = f"已核算 {found.stations} 个工作站 {found.rows} 行，{found.changed} 行有变化。"


@background(name="roster.retention_list", repeatable=True)
def make_retention_list(job: JobHandle, *, station: str, kind: str, purpose: str, span: list[str], by: str) -> None:
    """A long 留用名册; the file is opened by a logged click like every secret one."""
    found, user = Station.objects.select_related("operator").get(pk=station), User.objects.get(pk=by)
    days = tuple(dt.date.fromisoformat(day) if day else None for day in span)
    total = retention_list.number(found, days)  # type: ignore[arg-type]
    data = retention_list.make(
        station=found,
        kind=kind,
        span=days,  # type: ignore[arg-type]
        purpose=purpose,
        by=user,
        progress=lambda done: job.progress(done, total, "正在排版留用名册"),
    )
    job.result = store_generated(
        data,
        name=retention_list.file_name(found, kind),
        file_type=kind,
        by=user,
        organisation=user.organisation,  # type: ignore[arg-type]
        audience=Audience.OFFICE if user.is_office else Audience.PARTY_AND_OFFICE,
        secret=True,
        kind="retention_list",
    )
    job.message = f"留用名册已生成，共 {total} 人。"


@background(name="roster.station_query", repeatable=True)
def make_query(job: JobHandle, *, station: str, purpose: str, by: str) -> None:
    """The list to ask the insurance with, for a station or (no id) all of them."""
    found, user = Station.objects.filter(pk=station).first() if station else None, User.objects.get(pk=by)
    data = station_query.make(station=found, purpose=purpose, by=user)
    job.result = store_generated(
        data,
        name=station_query.file_name(found),
        file_type="xlsx",
        by=user,
        organisation=user.organisation,  # type: ignore[arg-type]
        audience=Audience.CENTRE,
        secret=True,
        kind="insurance_query",
    )


@background(name="roster.station_insurance", repeatable=True)
def bring_in(job: JobHandle, *, station: str, file: str, month_from: int, month_to: int, source: str, by: str) -> None:
    """A large insurance extract of a station, or (no id) of the district."""
    job.progress(0, 0, "正在读取参保明细")
    extract = insurance.bring_in_for_station(
        station=Station.objects.get(pk=station) if station else None,
        file=Attachment.objects.get(pk=file),
        asked=insurance.Asked(month_from, month_to, source),
        by=User.objects.get(pk=by),
        progress=job.progress,
    )
    job.message = f"查询 {extract.asked} 人，查到 {extract.found} 人，{extract.unmatched} 行不在名册；人数已重新核算。"
