"""What 优秀站点 adds to the world of the sweeps: for each party a round with a candidate at each step, and titles with
a 复核 at each step, all of stations of the party."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from assessments.excellent.enums import CandidateStage
from assessments.excellent.models import Candidate, Reverification, Title
from assessments.sheets.models import Assessment
from jinhua_labor.accounts.models import User
from jinhua_labor.core.clock import today
from jinhua_labor.notices.models import NoticeKind
from jinhua_labor.review.states import Kind, State
from stations.ledger.enums import Item
from stations.registry.models import Station
from tests.meta import rows
from tests.meta import rows_assessment as assessed
from tests.meta import rows_excellent as made

if TYPE_CHECKING:
    from tests.meta.world import Party

GOOD = {"total": Decimal(85), "counted": 300, "skilled": 30, "matured": 100, "retained": 60}
FIGURES: dict[str, Any] = {
    "years": [1],
    "rows": [
        {"criterion": "1", "cells": [[True, "85分"]], "beyond": [[False, "已确定的年度评估结果1个"]]},
        {"criterion": "4", "cells": [[None, "台账尚未实地核对"]], "beyond": []},
    ],
}


def equip(party: Party, clerk: User, official: User) -> None:
    """A round that takes applications, one whose list is out, and a candidate, a title and a 复核 at each step."""
    days = {"cutoff": rows.LATER, "apply_until": today() + dt.timedelta(days=30)}
    open_round = made.round_(**days, opened_by=official)
    notice = rows.published(kind=NoticeKind.EXCELLENT, title=f"{party.word}优秀站点公示", prepared_by=clerk)
    party.things |= {
        "award_round": open_round,
        "listed_round": made.round_(notice=notice, opened_by=official),
        "award_station": _station(party),
        "award_candidate": _candidate(party, clerk, open_round, State.SUBMITTED),
        "award_screened": _candidate(party, clerk, open_round, State.SCREENED),
        "award_approved": _candidate(party, clerk, open_round, State.APPROVED),
        "reverification": _reverification(party, clerk),
        "reverification_submitted": _reverification(party, clerk, State.SUBMITTED),
        "reverification_screened": _reverification(party, clerk, State.SCREENED),
        "reverified": _reverification(party, clerk, State.APPROVED),
    }
    party.things["award_year"] = party.award_candidate.station.assessments.get()
    party.things["title_year"] = party.reverification.title.station.assessments.get()


def grow(party: Party, clerk: User, official: User) -> None:
    """One more of everything a list of this room may show."""
    made.round_(opened_by=official)
    _candidate(party, clerk, party.award_round, State.SUBMITTED)
    _reverification(party, clerk)
    number = rows.number()
    for station in (party.award_candidate.station, party.reverification.title.station):
        _final(station, clerk, number)
    _station(party)


def _station(party: Party) -> Station:
    return rows.station(
        operator=party.organisation,
        name=f"{party.word}第{rows.number()}优秀站",
        document=party.station.document,
        established_on=rows.DAY,
    )


def _final(station: Station, clerk: User, number: int = 1) -> Assessment:
    """A year with a good result; what the offices noted of its ledger is theirs."""
    from tests.meta.world import OFFICE_MARK

    year = assessed.final(station=station, period_no=number, final_on=rows.LATER)
    assessed.confirmed(assessment=year, notice=rows.published(), final_on=year.final_on, **GOOD)
    made.ledger_sight(assessment=year, gaps=[Item.L3], note=OFFICE_MARK, seen_by=clerk)
    return year


def _candidate(party: Party, clerk: User, round_: Any, state: State, station: Station | None = None) -> Candidate:
    station = station or _station(party)
    if not station.assessments.exists():
        _final(station, clerk)
    review = rows.review(
        kind=Kind.AWARD,
        state=state,
        organisation=party.organisation,
        created_by=party.user,
        url_name="excellent:candidate",
        title=f"{station.name}参加{round_}",
    )
    fields: dict[str, Any] = {
        "round": round_,
        "station": station,
        "review": review,
        "statement": f"{party.word}的事迹",
        "created_by": party.user,
        "stage": CandidateStage(state),
    }
    if state is not State.SUBMITTED:
        fields |= {"figures": FIGURES, "policy_version": "JD-2021-14"}
    row = made.candidate(**fields)
    type(review).objects.filter(pk=review.pk).update(object_id=row.pk)
    return row


def _title(party: Party, clerk: User) -> Title:
    station = _station(party)
    _final(station, clerk)
    candidate = _candidate(party, clerk, party_round(clerk), State.APPROVED, station)
    Candidate.objects.filter(pk=candidate.pk).update(stage=CandidateStage.RECOGNISED)
    return made.title(candidate=candidate, document=party.station.document)


def party_round(clerk: User) -> Any:
    """A round that is over."""
    return made.published_round(notice=rows.published(kind=NoticeKind.EXCELLENT, prepared_by=clerk))


def _reverification(party: Party, clerk: User, state: State | None = None) -> Reverification:
    """复核 as the system opened it, or handed in by the centre and at this step."""
    title = _title(party, clerk)
    if state is None:
        return made.reverification(title=title)
    review = rows.review(
        kind=Kind.REVERIFY,
        state=state,
        organisation=clerk.organisation,
        created_by=clerk,
        url_name="excellent:reverification",
        title=f"{title}复核",
    )
    build = made.decided if state is State.APPROVED else made.reverification
    fields: dict[str, Any] = {"figures": FIGURES, "policy_version": "JD-2021-14"}
    row = build(title=title, review=review, **fields)
    type(review).objects.filter(pk=review.pk).update(object_id=row.pk)
    return row
