"""Rows of 续期 that the database accepts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from jinhua_labor.accounts.enums import Role
from jinhua_labor.review.states import Kind, State
from stations.oversight.enums import RenewalState
from stations.oversight.models import Renewal
from stations.registry.enums import PaperKind
from tests import factories
from tests.meta import rows, rows_ledger
from tests.meta.rows import DAY, NOW, _made, clerk, number

REVIEWED = {
    RenewalState.SUBMITTED: State.SUBMITTED,
    RenewalState.RETURNED: State.RETURNED,
    RenewalState.APPROVED: State.APPROVED,
    RenewalState.ISSUED: State.APPROVED,
    RenewalState.REFUSED: State.REJECTED,
    RenewalState.WITHDRAWN: State.WITHDRAWN,
    RenewalState.LAPSED: State.LAPSED,
}


def renewal(*, review_state: str = "", **fields: Any) -> Renewal:
    """A renewal waiting for 初审, or one in another `state` with what that state needs; its review stands beside it."""
    station = fields.pop("station", None) or rows.station()
    if callable(station):
        station = station()
    state = fields.get("state", RenewalState.SUBMITTED)
    by = fields.pop("created_by", None) or factories.user(Role.OPERATOR, organisation=station.operator)
    review = fields.pop("review", None) or rows.review(
        kind=Kind.RENEWAL, created_by=by, organisation=station.operator, url_name="oversight:renewal",
        state=review_state or REVIEWED[state],
    )  # fmt: skip
    if callable(review):
        review = review()
    values: dict[str, Any] = {
        "id": review.object_id,
        "number": lambda: f"XQ-330703-20230301-{number():03d}",
        "station": station,
        "operator": station.operator,
        "review": review,
        "term_was": station.term_to,
        "term_to": station.term_to + timedelta(days=730),
        "unchanged": True,
        "agreement": lambda: rows_ledger.station_paper(station=station, kind=PaperKind.AGREEMENT, version=number()),
        "submitted_on": DAY,
        "created_by": by,
    }
    if state in {RenewalState.RETURNED, RenewalState.REFUSED}:
        values["answer"] = "测试理由"
    if state == RenewalState.REFUSED:
        values |= {"clause": "第三条", "remedy": "测试救济途径"}
    if state == RenewalState.ISSUED:
        values |= {"document": rows.document, "term_from": station.term_to + timedelta(days=1)}
        values |= {"issued_by": lambda: clerk(Role.BUREAU), "issued_at": NOW}
    return _made(Renewal, values, fields)


def issued(**fields: Any) -> Renewal:
    return renewal(**{"state": RenewalState.ISSUED, **fields})
