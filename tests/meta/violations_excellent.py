"""For each rule of 优秀站点 that the database holds itself, the row it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from assessments.excellent.enums import CandidateStage, TitleState
from stations.ledger.enums import Item
from tests.meta import rows
from tests.meta import rows_excellent as made
from tests.meta.rows import DAY, LATER

Make = Callable[..., Callable[[], Any]]


def once(twice: Make) -> dict[str, Callable[[], Any]]:
    return {
        "assessments.Round.year": twice(made.round_, year=2023),
        "assessments.Round.notice": twice(made.round_, notice=rows.published),
        "assessments.Round.document": twice(made.published_round, document=rows.document),
        "assessments.Candidate.review": twice(made.candidate, review=rows.review),
        "assessments.Title.candidate": twice(made.withdrawn, candidate=made.candidate),
        "assessments.Reverification.review": twice(made.reverification, review=rows.review),
        "assessments.Reverification.after": twice(made.reverification, after=made.rectifying),
    }


def violations(twice: Make, wrong: Make) -> dict[str, Callable[[], Any]]:
    return {
        "round_days_in_order": wrong(made.round_, cutoff=LATER, apply_until=DAY),
        "round_quota_positive": wrong(made.round_, quota=0),
        "round_document_after_notice": wrong(made.round_, document=rows.document),
        "candidate_once_per_round": twice(made.candidate, round=made.round_, station=rows.station),
        "candidate_screened_has_figures": wrong(made.screened, figures=None),
        "candidate_rejected_has_reason": wrong(made.candidate, stage=CandidateStage.REJECTED),
        "ledger_sight_gap_has_note": wrong(made.ledger_sight, gaps=[Item.L3]),
        "title_held_once": lambda: [
            made.title(candidate=made.candidate(station=place)) for place in [rows.station()] for _ in range(2)
        ],
        "title_ended_whole": wrong(made.title, ended_on=LATER),
        "title_withdrawn_by_document": wrong(
            made.title, state=TitleState.WITHDRAWN, ended_on=LATER, end_reason="复核不通过"
        ),
        "reverification_once": twice(made.reverification, title=made.title),
        "reverification_decided_whole": wrong(made.decided, figures=None),
        "reverification_rectify_whole": wrong(made.rectifying, rectify_until=None),
        "reverification_rectified_once": wrong(made.rectifying, after=made.decided),
    }
