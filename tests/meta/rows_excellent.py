"""Rows of 优秀站点: rounds, candidates, ledgers looked at on site, titles and their 复核 (see rows.py)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from assessments.excellent.enums import CandidateStage, Channel, TitleState, Verdict
from assessments.excellent.models import Candidate, LedgerSight, Reverification, Round, Title
from jinhua_labor.accounts.enums import Role
from jinhua_labor.review.states import Kind, State
from tests.meta.rows import DAY, LATER, _made, clerk, document, number, operator, published, review, station
from tests.meta.rows_assessment import final


def round_(**fields: Any) -> Round:
    return _made(
        Round,
        {
            "year": lambda: 2021 + number() % 20_000,
            "cutoff": DAY,
            "apply_until": LATER,
            "opened_by": lambda: clerk(Role.BUREAU),
        },
        fields,
    )


def candidate(**fields: Any) -> Candidate:
    """A station that stands in a round, waiting for 初审."""
    place = fields.pop("station", None) or station()
    return _made(
        Candidate,
        {
            "round": round_,
            "station": place,
            "operator": place.operator,
            "channel": Channel.APPLIED,
            "statement": "两年输送600人。",
            "review": lambda: review(kind=Kind.AWARD, state=State.SUBMITTED, url_name="excellent:candidate"),
            "created_by": operator,
        },
        fields,
    )


def screened(**fields: Any) -> Candidate:
    values: dict[str, Any] = {
        "stage": CandidateStage.SCREENED,
        "figures": {"years": [], "rows": []},
        "policy_version": "JD-2021-14",
        "review": review(kind=Kind.AWARD, state=State.SCREENED, url_name="excellent:candidate"),
    }
    return candidate(**{**values, **fields})


def rejected(**fields: Any) -> Candidate:
    return candidate(**{"stage": CandidateStage.REJECTED, "closing_reason": "名额已满。", **fields})


def ledger_sight(**fields: Any) -> LedgerSight:
    return _made(LedgerSight, {"assessment": final, "seen_on": LATER, "seen_by": clerk}, fields)


def title(**fields: Any) -> Title:
    """优秀站点 held since the day of the document."""
    row = fields.pop("candidate", None) or candidate()
    return _made(
        Title,
        {
            "station": row.station,
            "operator": row.operator,
            "candidate": row,
            "document": document,
            "recognised_on": LATER,
        },
        fields,
    )


def withdrawn(**fields: Any) -> Title:
    values: dict[str, Any] = {
        "state": TitleState.WITHDRAWN,
        "ended_on": LATER + dt.timedelta(days=730),
        "end_reason": "第1次复核不通过",
        "end_document": document(),
    }
    return title(**{**values, **fields})


def reverification(**fields: Any) -> Reverification:
    return _made(Reverification, {"title": title, "number": 1, "due_on": LATER, "opened_on": LATER}, fields)


def rectifying(**fields: Any) -> Reverification:
    """A 复核 that gave time to put things right."""
    return decided(**{"verdict": Verdict.RECTIFY, "rectify_until": LATER, "rectify_words": "补齐台账", **fields})


def decided(**fields: Any) -> Reverification:
    values: dict[str, Any] = {
        "verdict": Verdict.PASSED,
        "decided_on": LATER,
        "figures": {"years": [], "rows": []},
        "policy_version": "JD-2021-14",
        "review": review(kind=Kind.REVERIFY, state=State.APPROVED, url_name="excellent:reverification"),
    }
    return reverification(**{**values, **fields})


def published_round(**fields: Any) -> Round:
    return round_(**{"notice": published(), **fields})
