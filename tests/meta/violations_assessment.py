"""For each rule of the yearly assessment that the database holds itself, the row it refuses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils import timezone

from assessments.sheets.enums import Outcome, Stage
from tests.meta import rows
from tests.meta.rows import DAY
from tests.meta.rows_assessment import (
    again,
    assessment,
    checked,
    confirmed,
    given,
    line,
    line_answer,
    person,
    presence,
    self_evidence,
    sheet,
    void,
)
from tests.meta.rows_roster import frozen_year

Make = Callable[..., Callable[[], Any]]


def once(twice: Make) -> dict[str, Callable[[], Any]]:
    return {
        "assessments.Assessment.frozen_year": twice(assessment, frozen_year=frozen_year),
        "assessments.Sheet.review": lambda: [checked(review=one) for one in [rows.review()] for _ in range(2)],
    }


def violations(twice: Make, wrong: Make) -> dict[str, Callable[[], Any]]:
    now = timezone.now()
    return {
        "assessment_once_per_year": lambda: [
            assessment(station=place, frozen_year=frozen_year(station=place, period_no=number))
            for place in [rows.station()]
            for number in (1, 2)
        ],
        "assessment_after_its_year": wrong(assessment, opened_on=DAY),
        "assessment_self_whole": wrong(assessment, self_submitted_at=now),
        "assessment_final_has_day": wrong(assessment, stage=Stage.FINAL),
        "assessment_void_has_reason": wrong(void, void_reason=""),
        "self_evidence_says": wrong(self_evidence, text=""),
        "sheet_round_once": twice(sheet, assessment=assessment),
        "sheet_again_has_reason": wrong(again, reason=""),
        "sheet_checked_whole": wrong(sheet, checked_at=now),
        "sheet_agreed_whole": wrong(sheet, agreed_at=now),
        "sheet_confirmed_whole": wrong(confirmed, sha256=""),
        "sheet_total_within": wrong(confirmed, total=Decimal(101)),
        "sheet_veto_fails": wrong(confirmed, vetoed=True, veto_reason="经核实的投诉3次", outcome=Outcome.PASSED),
        "sheet_counts_within": wrong(confirmed, counted=10, skilled=11),
        "sheet_published_confirmed": wrong(sheet, notice=rows.published),
        "sheet_final_published": wrong(confirmed, final_on=DAY + dt.timedelta(days=400)),
        "line_once": twice(line, sheet=sheet),
        "line_within_weight": wrong(line, computed=Decimal(6)),
        "line_override_has_reason": wrong(given, given=Decimal(3)),
        "line_given_whole": wrong(line, given=Decimal(5)),
        "line_answer_once": twice(line_answer, sheet=checked),
        "line_answer_says": wrong(line_answer, text=""),
        "line_reply_whole": wrong(line_answer, reply="不在本年度。"),
        "presence_once": twice(presence, sheet=sheet, user=rows.clerk),
        "sheet_person_once": twice(person, sheet=sheet, delivery=rows.delivery),
    }
