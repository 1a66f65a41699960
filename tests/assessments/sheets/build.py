"""A year of a station at each step of its assessment, through the services."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from assessments.models import Assessment, Sheet, SheetLine
from assessments.sheets.rules.facts import PARTS, WHOLE
from assessments.sheets.services import opening, review, scoring, self_assessment
from assessments.sheets.services.scoring import Entry
from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.core.clock import today
from stations.registry.models import Station
from tests import factories


def opened(station: Station, number: int = 1) -> Assessment:
    """The year, waiting for 自评."""
    opening.open_due(day=today(), by=User.objects.system())
    return Assessment.objects.get(station=station, period_no=number)


def scoring_now(station: Station, unit: User) -> Sheet:
    """The sheet of the first year, its 自评 handed in."""
    year = opened(station)
    self_assessment.submit(assessment_id=year.pk, text="全年平稳。", by=unit)
    return Sheet.objects.get(assessment=year)


def entry(code: str, **more: Any) -> Entry:
    """What is given for a judged line: every part missing, no points for 创新."""
    if code in WHOLE:
        return Entry(parts=(False,) * len(PARTS[code]), reason="没有材料", **more)
    return Entry(points=Decimal(0), **more)


def give(sheet: Sheet, code: str, by: User, given: Entry | None = None) -> SheetLine:
    line = sheet.lines.get(code=code)
    return scoring.save_line(sheet_id=sheet.pk, code=code, entry=given or entry(code), version=line.version, by=by)


def scored(sheet: Sheet, by: User) -> Sheet:
    """Every line given that a person has to give."""
    for line in sheet.lines.filter(given__isnull=True).order_by("code"):
        give(sheet, line.code, by)
    return sheet


def versions(sheet: Sheet) -> int:
    return sum(sheet.lines.values_list("version", flat=True))


def handed_on(station: Station, unit: User, scorer: User) -> Sheet:
    sheet = scored(scoring_now(station, unit), scorer)
    review.submit(sheet_id=sheet.pk, lines_version=versions(sheet), by=scorer)
    return reload(sheet)


def in_feedback(station: Station, unit: User, scorer: User, checker: User) -> Sheet:
    sheet = handed_on(station, unit, scorer)
    review.check(sheet_id=sheet.pk, by=checker)
    return reload(sheet)


def reported(station: Station, unit: User, scorer: User, checker: User) -> Sheet:
    sheet = in_feedback(station, unit, scorer, checker)
    review.agree(sheet_id=sheet.pk, by=unit)
    review.screen(sheet_id=sheet.pk, opinion="如实复核。", by=checker)
    return reload(sheet)


def reload(sheet: Sheet) -> Sheet:
    return Sheet.objects.select_related("assessment", "review").get(pk=sheet.pk)


def clerk(name: str = "测试评分人") -> User:
    return factories.user(Role.CENTRE, name=name)
