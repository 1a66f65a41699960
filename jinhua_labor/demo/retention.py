"""留用统计 in the demo: the first station's people of 2021, looked up, counted and one of them corrected; later ones as
they come due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from stations.registry.models import Station
from stations.roster.enums import RetentionResult
from stations.roster.models import RetentionCheck
from stations.roster.services import insurance, retention
from stations.roster.services.retention import Answer

from . import workbooks
from .cases import person
from .days import at
from .people import Month, Worker

if TYPE_CHECKING:
    from .story import Story

CLERK: Final = "chushen"
SHARE: Final = 3
"""Of the checks that are open at the end, two of three are answered."""


def first_year(story: Story) -> None:
    """Who entered around the turn of 2020 and became due once the station stood."""
    station = Station.objects.order_by("established_on")[0]
    opened, looked_up, answered, corrected = (dt.date(2021, 7, day) for day in (12, 19, 21, 28))
    with at(opened, 8):
        retention.open_due(day=opened)
    checks = list(RetentionCheck.objects.filter(delivery__station=station).select_related("delivery__person"))
    if not checks:
        return
    kept = {check.delivery.person.id_number for check in checks[2:]}
    with at(looked_up, 10):
        _look_up(station, story.first_station, kept, (202106, 202107))
    with at(answered, 15):
        first, second, *rest = checks
        answers = {
            first.pk: Answer(RetentionResult.LEFT, note="5月返乡"),
            second.pk: Answer(RetentionResult.UNVERIFIED, note="电话停机，企业未回复"),
            **{check.pk: Answer(RetentionResult.RETAINED) for check in rest},
        }
        retention.answer(station=station, answers=answers, by=person("jia"))
    with at(corrected, 9):
        retention.correct(
            check=second,
            result=RetentionResult.LEFT,
            reason="企业7月27日来函，该职工6月已离职。",
            revision=0,
            by=person(CLERK),
        )


def _look_up(station: Station, workers: Sequence[Worker], kept: set[str], months: tuple[int, int]) -> None:
    """The centre's query for these months: who is kept is paid for, the others are not found."""
    found = [
        Worker(
            worker.name,
            worker.id_number,
            worker.hukou,
            worker.employer,
            worker.entry_on,
            months=tuple(Month(month, worker.employer, dt.date(month // 100, month % 100, 15)) for month in months),
        )
        for worker in workers
        if worker.id_number in kept
    ]
    clerk = person(CLERK)
    stored = insurance.keep(file=workbooks.insurance(found), by=clerk)
    asked = insurance.Asked(*months, "省社保系统查询")
    insurance.bring_in_for_station(station=station, file=stored, asked=asked, by=clerk)


def lately(story: Story) -> None:
    """What came due since, opened by itself; the operator has begun with it."""
    yesterday = story.day(1)
    with at(yesterday, 8):
        retention.open_due(day=yesterday)
    with at(yesterday, 16):
        for station in Station.objects.select_related("operator").order_by("number"):
            checks = list(RetentionCheck.objects.open().filter(delivery__station=station).order_by("check_on", "id"))
            by = station.operator.people.filter(is_active=True).order_by("created_at").first()
            if by is None or len(checks) < SHARE:
                continue
            given = {
                check.pk: Answer(RetentionResult.LEFT if number % 7 == 3 else RetentionResult.RETAINED)
                for number, check in enumerate(checks)
                if number % SHARE
            }
            retention.answer(station=station, answers=given, by=by)
    with at(story.base, 8):
        retention.open_due(day=story.base)
        retention.remind(day=story.base)
