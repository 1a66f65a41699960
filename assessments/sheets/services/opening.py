"""Years open by themselves on their day, and scoring begins by itself when 自评 is handed in or its time is over.

Everything here may be repeated: a machine that was off catches up as soon as it runs.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

from django.db import transaction

from assessments.sheets.enums import Stage
from assessments.sheets.models import Assessment
from assessments.sheets.queries.calendar import closed_days, revoked_days
from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.audit.services import record
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.workdays import work_calendar
from jinhua_labor.mailbox.services import send
from jinhua_labor.policy.periods import Period, periods_to_assess
from jinhua_labor.rulebook import policy_on
from stations.oversight.queries.changes import operator_on
from stations.oversight.services.common import lock_station, require
from stations.registry.models import Station
from stations.roster.services.freezing import freeze

from .common import lock_year, policy_of
from .scoring import begin

UNTOUCHED = (Stage.OPEN, Stage.SCORING)
"""Stages in which nobody outside the centre has seen a sheet yet."""


def open_due(*, day: dt.date, by: User, stations: Collection[uuid.UUID] | None = None) -> int:
    """Opens every year that is over on `day` and not open yet, of `stations` or of all; how many. A station that was
    closed inside a year is not assessed for it (R-28). Each year in a transaction of its own."""
    require(by, Role.SYSTEM)
    policy = policy_on(day).policy
    there = set(Assessment.objects.values_list("station", "period_no"))
    closed = closed_days()
    opened = 0
    rows = Station.objects.all() if stations is None else Station.objects.filter(pk__in=stations)
    for station in rows.order_by("established_on", "pk"):
        periods = periods_to_assess(station.established_on, policy=policy, on=day, closed_on=closed.get(station.pk))
        for period in periods:
            if (station.pk, period.number) not in there:
                opened += _open(station_id=station.pk, period=period, day=day, by=by)
    return opened


@transaction.atomic
def _open(*, station_id: uuid.UUID, period: Period, day: dt.date, by: User) -> bool:
    """The year, with its roster frozen in the same transaction; False where somebody was quicker.

    False too where a day of it was assessed already: a reading that moves the years (R-28) must not pay one twice.
    """
    station = lock_station(station_id)
    years = Assessment.objects.filter(station=station)
    if years.filter(period_no=period.number).exists():
        return False
    if years.filter(starts_on__lte=period.end, ends_on__gte=period.start).exclude(stage=Stage.VOID).exists():
        return False
    frozen = freeze(station=station, number=period.number, by=by)
    found, calendar = policy_on(period.end), work_calendar()
    limits = found.policy.settings
    row = Assessment.objects.create(
        station=station,
        operator=Organisation.objects.get(pk=operator_on(station, period.end)),
        period_no=period.number,
        starts_on=period.start,
        ends_on=period.end,
        policy_version=found.policy.id,
        certainty=str(found.certainty),
        opened_on=day,
        data_cutoff=period.opens_on,
        self_due_on=calendar.add_workdays(day, limits.self_assessment_workdays),
        due_on=calendar.add_workdays(day, limits.assess_due_workdays),
        frozen_year=frozen,
    )
    record(
        by=by,
        action="assessment.open",
        obj=row,
        detail={"station": station.number, "year": row.period_no, "cutoff": row.data_cutoff.isoformat()},
    )
    send(
        to_organisation=row.operator,
        subject=f"{row}已启动，请自评",
        body=(
            f"评估{date_cn(row.starts_on)}至{date_cn(row.ends_on)}的工作。请在{date_cn(row.self_due_on)}（含）前"
            "对照附件3各项说明情况、上传材料并提交自评。不提交的，到期后由区就业服务中心直接评分。"
        ),
        link=row.get_absolute_url(),
    )
    return True


def begin_due(*, day: dt.date, by: User) -> int:
    """自评 is not a condition: what was not handed in by its last day is scored without it (R-29 d); how many."""
    require(by, Role.SYSTEM)
    late = Assessment.objects.filter(stage=Stage.OPEN, self_due_on__lt=day).order_by("self_due_on", "pk")
    return sum(_begin(pk, day=day, by=by) for pk in list(late.values_list("pk", flat=True)))


@transaction.atomic
def _begin(assessment_id: uuid.UUID, *, day: dt.date, by: User) -> bool:
    row = lock_year(assessment_id)
    if row.stage != Stage.OPEN or row.self_due_on >= day:
        return False
    begin(row, by=by)
    return True


def remind_due(*, day: dt.date) -> int:
    """Reminds once, shortly before the last day, the units that still owe: 自评 not handed in, a draft neither answered
    nor agreed to; how many."""
    calendar = work_calendar()
    reminded = 0
    for row in Assessment.objects.filter(stage__in=[Stage.OPEN, Stage.FEEDBACK]).order_by("pk"):
        soon = calendar.add_workdays(day, policy_of(row).settings.assess_remind_workdays)
        due = _owed(row)
        if due is not None and day <= due <= soon and row.reminded_for != due:
            reminded += _remind(row.pk, due)
    return reminded


def _owed(row: Assessment) -> dt.date | None:
    """The last day of what the unit owes, None when it owes nothing."""
    if row.stage == Stage.OPEN:
        return None if row.self_submitted_at else row.self_due_on
    sheet = row.sheets.order_by("-round").first()
    if row.stage != Stage.FEEDBACK or sheet is None or sheet.agreed_at or sheet.answers.exists():
        return None
    return sheet.feedback_until


@transaction.atomic
def _remind(assessment_id: uuid.UUID, due: dt.date) -> bool:
    row = lock_year(assessment_id)
    if _owed(row) != due or row.reminded_for == due:
        return False
    row.reminded_for = due
    row.save(update_fields=["reminded_for"])
    if row.stage == Stage.OPEN:
        subject, body = f"{row}：自评即将截止", "尚未提交自评。到期未提交的，由区就业服务中心直接评分。"
    else:
        subject, body = f"{row}：反馈即将截止", "尚未对评分草稿提出意见，也没有表示无意见。到期未反馈的，视为没有意见。"
    send(
        to_organisation=row.operator,
        subject=subject,
        body=f"请在{date_cn(due)}（含）前办理。{body}",
        link=row.get_absolute_url(),
    )
    return True


def void_revoked(*, by: User) -> int:
    """不评估: a year inside which the station was revoked by a decision entered late (R-28); how many. One whose sheet
    has been handed on already is left to the people who have it."""
    require(by, Role.SYSTEM)
    closed = revoked_days()
    rows = Assessment.objects.filter(stage__in=UNTOUCHED, station__in=list(closed))
    late = [row.pk for row in rows.order_by("pk") if closed[row.station_id] <= row.ends_on]
    return sum(_void(pk, closed, by=by) for pk in late)


@transaction.atomic
def _void(assessment_id: uuid.UUID, closed: dict[uuid.UUID, dt.date], *, by: User) -> bool:
    row = lock_year(assessment_id)
    if row.stage not in UNTOUCHED or row.sheets.filter(review__isnull=False).exists():
        return False
    day = closed[row.station_id]
    row.stage, row.void_reason = Stage.VOID, f"工作站于{date_cn(day)}被取消资格，在本年度之内，不作评估。"
    row.save(update_fields=["stage", "void_reason"])
    record(by=by, action="assessment.void", obj=row, detail={"closed_on": day.isoformat()})
    send(to_organisation=row.operator, subject=f"{row}不再进行", body=row.void_reason, link=row.get_absolute_url())
    return True
