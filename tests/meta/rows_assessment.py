"""Rows of the yearly assessment: the year, its sheets with lines, people and answers (see rows.py)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone

from assessments.models import (
    Assessment,
    LineAnswer,
    LineEvidence,
    SelfEvidence,
    Sheet,
    SheetLine,
    SheetPerson,
    SheetPresence,
)
from assessments.sheets.enums import Cause, Outcome, Stage
from jinhua_labor.accounts.enums import Role
from jinhua_labor.review.states import Kind, State
from stations.roster.enums import CountStatus
from tests.meta.rows import (
    DAY,
    LATER,
    _made,
    attachment,
    clerk,
    delivery,
    operator,
    published,
    review,
    station,
)
from tests.meta.rows_roster import frozen_year


def assessment(**fields: Any) -> Assessment:
    """An opened year with its frozen roster, of the station given or of a new one."""
    place = fields.pop("station", None) or station()
    number = fields.get("period_no", 1)
    starts_on = fields.get("starts_on", DAY)
    ends_on = fields.get("ends_on", LATER - dt.timedelta(days=1))
    return _made(
        Assessment,
        {
            "station": place,
            "operator": place.operator,
            "period_no": 1,
            "starts_on": DAY,
            "ends_on": LATER - dt.timedelta(days=1),
            "policy_version": "JD-2021-14",
            "certainty": "CONFIRMED",
            "opened_on": ends_on + dt.timedelta(days=1),
            "data_cutoff": ends_on + dt.timedelta(days=1),
            "self_due_on": ends_on + dt.timedelta(days=15),
            "due_on": ends_on + dt.timedelta(days=43),
            "frozen_year": lambda: frozen_year(station=place, period_no=number, starts_on=starts_on, ends_on=ends_on),
        },
        fields,
    )


def final(**fields: Any) -> Assessment:
    return assessment(**{"stage": Stage.FINAL, "final_on": LATER + dt.timedelta(days=30), **fields})


def void(**fields: Any) -> Assessment:
    return assessment(**{"stage": Stage.VOID, "void_reason": "工作站在年度内已取消。", **fields})


def self_evidence(**fields: Any) -> SelfEvidence:
    return _made(
        SelfEvidence,
        {"assessment": assessment, "code": "C3", "text": "举办招聘会两场。", "added_by": operator},
        fields,
    )


def sheet(**fields: Any) -> Sheet:
    return _made(Sheet, {"assessment": assessment, "opened_by": clerk}, fields)


def checked(**fields: Any) -> Sheet:
    """A sheet that a second person has checked; its review waits for 初审."""
    values: dict[str, Any] = {
        "review": lambda: review(
            kind=Kind.ASSESSMENT, state=State.SUBMITTED, created_by=clerk(), url_name="assessments:sheet"
        ),
        "checked_by": clerk,
        "checked_at": timezone.now(),
        "feedback_until": LATER + dt.timedelta(days=30),
    }
    return sheet(
        **{name: value() if callable(value) and name not in fields else value for name, value in values.items()}
        | fields
    )


def confirmed(**fields: Any) -> Sheet:
    """A sheet as the bureau confirmed it: 90 分, 合格."""
    year = fields.pop("assessment", None) or assessment(stage=Stage.CONFIRMED)
    values: dict[str, Any] = {
        "assessment": year,
        "review": review(kind=Kind.ASSESSMENT, state=State.APPROVED, created_by=clerk(), url_name="assessments:sheet"),
        "total": Decimal(90),
        "vetoed": False,
        "outcome": Outcome.PASSED,
        "counted": 264,
        "skilled": 18,
        "matured": 120,
        "retained": 81,
        "snapshot": {},
        "sha256": "0" * 64,
        "confirmed_at": timezone.now(),
    }
    return checked(**{**values, **fields})


def published_sheet(**fields: Any) -> Sheet:
    """A confirmed result in 公示."""
    return confirmed(**{"notice": published(), **fields})


def again(**fields: Any) -> Sheet:
    """The second sheet of a year, for a correction."""
    values = {"round": 2, "cause": Cause.CORRECTION, "reason": "名册有误。", "opened_by": clerk(Role.BUREAU)}
    return sheet(**{**values, **fields})


def person(**fields: Any) -> SheetPerson:
    return _made(
        SheetPerson,
        {
            "sheet": sheet,
            "delivery": delivery,
            "status": CountStatus.COUNTED,
            "matured": True,
            "retained": True,
            "contract": True,
            "skilled": False,
        },
        fields,
    )


def line(**fields: Any) -> SheetLine:
    return _made(SheetLine, {"sheet": sheet, "code": "A3", "weight": 5, "computed": Decimal(5)}, fields)


def given(**fields: Any) -> SheetLine:
    values = {"given": Decimal(5), "given_by": clerk(), "given_at": timezone.now()}
    return line(**{**values, **fields})


def confirmed_line(**fields: Any) -> SheetLine:
    """A line of a sheet the bureau has confirmed."""
    return given(**{"sheet": confirmed(), **fields})


def line_evidence(**fields: Any) -> LineEvidence:
    return _made(LineEvidence, {"line": line, "attachment": attachment, "added_by": clerk}, fields)


def line_answer(**fields: Any) -> LineAnswer:
    return _made(
        LineAnswer,
        {"sheet": checked, "code": "C3", "text": "另有一场活动未计入。", "by": operator},
        fields,
    )


def presence(**fields: Any) -> SheetPresence:
    return _made(SheetPresence, {"sheet": sheet, "user": clerk}, fields)
