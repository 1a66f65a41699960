"""A station with final years good enough for the title, looked at on site, and a round taken to its document."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.excellent.enums import TitleState
from assessments.excellent.services import candidates, rounds
from assessments.models import Assessment, Candidate, LedgerSight, Round, Title
from jinhua_labor.accounts.models import User
from jinhua_labor.notices import services as notices
from jinhua_labor.notices.models import Notice
from jinhua_labor.review.states import Recommendation
from stations.registry.models import Station
from tests.meta import rows, rows_excellent
from tests.meta import rows_assessment as made
from tests.stations.applications.build import pdf

GOOD = {"total": Decimal(85), "counted": 300, "skilled": 30, "matured": 100, "retained": 60}


def final_year(station: Station, number: int, **figures: Any) -> Assessment:
    """A final year with these figures; `number` 1 is 2021-06-01 … 2022-05-31."""
    year = made.final(
        station=station,
        period_no=number,
        starts_on=dt.date(2020 + number, 6, 1),
        ends_on=dt.date(2021 + number, 5, 31),
        final_on=dt.date(2021 + number, 7, 31),
    )
    made.confirmed(assessment=year, notice=rows.published(), final_on=year.final_on, **{**GOOD, **figures})
    return year


def seen(year: Assessment, by: User, *gaps: str) -> LedgerSight:
    return LedgerSight.objects.create(
        assessment=year, seen_on=dt.date(2023, 9, 1), gaps=list(gaps), note="缺安全生产制度" if gaps else "", seen_by=by
    )


CUTOFF, UNTIL = dt.date(2023, 10, 31), dt.date(2023, 11, 15)
CLOSED, AFTER = "2023-11-16 09:00 +08:00", "2023-12-20 09:00 +08:00"


def opened(by: User, year: int = 2023, **fields: Any) -> Round:
    values: dict[str, Any] = {"cutoff": CUTOFF, "apply_until": UNTIL, "quota": None, "remark": ""}
    return rounds.open_round(year=year, by=by, **{**values, **fields})


def standing(round_: Round, station: Station, by: User) -> Candidate:
    return candidates.stand(
        round_id=round_.pk, station_id=station.pk, statement="两年输送600人。", by=by, key=uuid.uuid4()
    )


def screened(round_: Round, station: Station, unit: User, by: User) -> Candidate:
    row = standing(round_, station, unit)
    candidates.screen(candidate_id=row.pk, recommendation=Recommendation.AGREE, opinion="四项标准均符合。", by=by)
    row.refresh_from_db()
    return row


def approved(round_: Round, station: Station, unit: User, by: User, official: User) -> Candidate:
    row = screened(round_, station, unit, by)
    candidates.approve(candidate_id=row.pk, opinion="同意。", by=official)
    row.refresh_from_db()
    return row


def screened_as_if_raced(round_: Round, station: Station, unit: User, by: User) -> Candidate:
    """A candidate that reached 待审核 while the list was being published."""
    return rows_excellent.screened(round=round_, station=station, operator=station.operator, created_by=unit)


def published_with(round_: Round) -> None:
    Round.objects.filter(pk=round_.pk).update(notice=rows.published())


def ended(title: Title) -> None:
    Title.objects.filter(pk=title.pk).update(
        state=TitleState.WITHDRAWN, ended_on=dt.date(2025, 1, 6), end_reason="复核不通过", end_document=rows.document()
    )


def document() -> SimpleUploadedFile:
    return pdf("认定文件.pdf")


def published(round_: Round, by: User, official: User) -> Notice:
    """The list in 公示 on the day after the last day of 申报."""
    with time_machine.travel(CLOSED, tick=False):
        notice = rounds.prepare_notice(round_id=round_.pk, by=by)
        return notices.release(notice_id=notice.pk, by=official)


def recognised(round_: Round, by: User, official: User) -> list[Title]:
    """The list published, its period over, the document entered on 2023-12-20."""
    published(round_, by, official)
    with time_machine.travel(AFTER, tick=False):
        return rounds.recognise(
            round_id=round_.pk,
            doc_no="金东人社〔2023〕88号",
            issued_on=dt.date(2023, 12, 20),
            upload=document(),
            by=official,
        )
