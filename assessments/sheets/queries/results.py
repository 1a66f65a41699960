"""Confirmed results: what is public of them, and how far their 公示 has come."""

from __future__ import annotations

from assessments.sheets.models import Assessment, Sheet
from assessments.sheets.rules.results import NoticeFact, ResultLine
from jinhua_labor.notices.models import NoticeState

_OUT = {NoticeState.PUBLISHED: True, NoticeState.READY: False, NoticeState.DRAFT: False}


def notice_fact(sheet: Sheet) -> NoticeFact | None:
    """The notice of a sheet; None where there is none or it was taken back."""
    notice = sheet.notice
    if notice is None or notice.state not in _OUT:
        return None
    return NoticeFact(_OUT[NoticeState(notice.state)], notice.ends_on, notice.objections.open().count())


def line_of(assessment: Assessment, sheet: Sheet) -> ResultLine:
    """What a confirmed sheet says in public. `sheet` must be confirmed."""
    assert sheet.total is not None
    return ResultLine(
        station=assessment.station.name,
        operator=assessment.operator.name,
        number=assessment.period_no,
        start=assessment.starts_on,
        end=assessment.ends_on,
        total=sheet.total,
        outcome=sheet.get_outcome_display(),
        vetoed=bool(sheet.vetoed),
        again=sheet.round > 1,
    )
