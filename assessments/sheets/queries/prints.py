"""附件3 of a sheet, ready to print: the words of its version, what was given, who signed (R-70)."""

from __future__ import annotations

from django.utils import timezone

from assessments.sheets.models import Sheet
from jinhua_labor.documents.annex3 import Annex3, Annex3Line, Signature
from jinhua_labor.rulebook import policy_on

from .results import line_of

ANNEX = 3


def annex3(sheet: Sheet) -> Annex3:
    """The form as it stands: a confirmed sheet with total, result and the persons of each step, else a draft."""
    assessment = sheet.assessment
    policy = policy_on(assessment.ends_on).policy
    given = {line.code: line.given for line in sheet.lines.all()}
    lines = tuple(
        Annex3Line(row.category, row.name, row.criterion, row.weight, given.get(row.code)) for row in policy.indicators
    )
    title = next(annex.title for annex in policy.document.annexes if annex.number == ANNEX)
    said = line_of(assessment, sheet) if sheet.is_confirmed else None
    start, end = assessment.starts_on, assessment.ends_on
    return Annex3(
        title=title,
        station=assessment.station.name,
        operator=assessment.operator.name,
        year=f"第{assessment.period_no}年度（{start:%Y.%m.%d}—{end:%Y.%m.%d}）",
        lines=lines,
        total=sheet.total,
        result=said.result if said else "",
        signatures=_signatures(sheet),
        version=policy.doc_no,
        draft="" if said else "评分草稿，不是评估结果",
    )


def _signatures(sheet: Sheet) -> tuple[Signature, ...]:
    review = sheet.review
    if review is None:
        return ()

    def step(capacity: str, person: str, at: object) -> Signature:
        day = timezone.localdate(at) if at else None  # type: ignore[arg-type]
        return Signature(capacity, person, day)

    return (
        step("评分人", review.submitted_by.name if review.submitted_by else "", review.submitted_at),
        step("复核人", sheet.checked_by.name if sheet.checked_by else "", sheet.checked_at),
        step(
            f"{review.get_decider_display()}确认人",
            review.approved_by.name if review.approved_by else "",
            review.approved_at,
        ),
        Signature("区就业服务中心（公章）"),
    )
