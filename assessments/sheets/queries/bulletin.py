"""通报: the results of a calendar year as one official document the office may edit and issue."""

from __future__ import annotations

import datetime as dt

from django.db.models import OuterRef, QuerySet, Subquery

from assessments.sheets.enums import Outcome, Stage
from assessments.sheets.models import Assessment, Sheet
from assessments.sheets.rules.results import ResultLine
from jinhua_labor.accounts.models import User
from jinhua_labor.core.figures import plain
from jinhua_labor.documents.official import Column, OfficialDocument, Paragraph, Table
from jinhua_labor.rulebook import policy_on

from .results import line_of

_COLUMNS = (
    Column("序号", 12),
    Column("工作站", 48),
    Column("承建单位", 40),
    Column("评估年度", 26),
    Column("总分", 12),
    Column("结果", 18),
)


def final_of(year: int, user: User) -> QuerySet[Sheet]:
    """The sheets in force of the results that became final in this calendar year, by station."""
    latest = Sheet.objects.filter(assessment=OuterRef("assessment"), final_on__isnull=False).order_by("-round")
    return (
        Sheet.objects.visible_to(user)
        .filter(assessment__stage=Stage.FINAL, assessment__final_on__year=year)
        .filter(pk=Subquery(latest.values("pk")[:1]))
        .select_related("assessment__station", "assessment__operator")
        .order_by("assessment__station__name", "assessment__period_no")
    )


def years_with_results(user: User) -> list[int]:
    """The calendar years in which results became final, the latest first."""
    found = Assessment.objects.visible_to(user).filter(stage=Stage.FINAL).dates("final_on", "year", order="DESC")
    return [day.year for day in found]


def bulletin(year: int, user: User, *, day: dt.date) -> OfficialDocument | None:
    """The 通报 of a year without number and date; None while no result became final in it."""
    lines = [line_of(sheet.assessment, sheet) for sheet in final_of(year, user)]
    if not lines:
        return None
    passed = sum(line.outcome == Outcome.PASSED.label for line in lines)
    vetoed = sum(line.vetoed for line in lines)
    policy = policy_on(day).policy
    opening = (
        f"根据《{policy.document.regulation}》第七条，{year}年确定了{len(lines)}个年度评估结果，其中合格{passed}个、"
        f"不合格{len(lines) - passed}个"
        + (f"（含一票否决{vetoed}个）" if vetoed else "")
        + "，均已按规定公示。现将结果通报如下。"
    )
    return OfficialDocument(
        title=f"关于{year}年金东区省外劳务协作工作站\n年度评估结果的通报",
        main_to="区各有关单位，各省外劳务协作工作站",
        blocks=(Paragraph(opening), Table(_COLUMNS, tuple(_row(n, line) for n, line in enumerate(lines, 1)))),
    )


def _row(number: int, line: ResultLine) -> tuple[str, ...]:
    span = f"第{line.number}年度\n{line.start:%Y.%m}—{line.end:%Y.%m}"
    return (str(number), line.station, line.operator, span, plain(line.total), line.result.replace("（", "\n（"))
