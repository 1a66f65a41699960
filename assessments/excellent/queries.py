"""Rounds, candidates and titles as readers see them, and the figures the four criteria are judged by (set-based)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from assessments.excellent.enums import CandidateStage, Criterion, TitleState, Verdict
from assessments.excellent.models import Candidate, LedgerSight, Reverification, Round, Title
from assessments.excellent.rules import Cell, Matrix, Row, Standing, YearFigures, matrix
from assessments.sheets.enums import Outcome, Stage
from assessments.sheets.models import Assessment, Sheet
from jinhua_labor.accounts.models import User
from jinhua_labor.core.clock import today
from jinhua_labor.rulebook import policy_on
from stations.ledger.enums import Item
from stations.oversight.enums import OPEN_REVOCATION
from stations.oversight.models import Revocation
from stations.registry.enums import StationState
from stations.registry.models import Station


def figures_of(stations: Collection[uuid.UUID], *, until: dt.date) -> dict[uuid.UUID, list[YearFigures]]:
    """The years of each of these stations whose result was final by `until`, by the sheet in force: a correction after
    that day counts too. With what was last seen of each year's ledger on site; two queries for all stations."""
    rows = (
        Sheet.objects.filter(assessment__station__in=stations, final_on__isnull=False)
        .select_related("assessment")
        .order_by("assessment", "round")
    )
    in_force: dict[uuid.UUID, Sheet] = {}
    for sheet in rows:  # the first round decides whether the year was final in time, the last one what it says
        if sheet.assessment_id in in_force or (sheet.final_on is not None and sheet.final_on <= until):
            in_force[sheet.assessment_id] = sheet
    seen: dict[uuid.UUID, LedgerSight] = {}
    for sight in LedgerSight.objects.filter(assessment__in=in_force).order_by("entered_at"):
        seen[sight.assessment_id] = sight
    found: dict[uuid.UUID, list[YearFigures]] = defaultdict(list)
    for sheet in in_force.values():
        found[sheet.assessment.station_id].append(_year(sheet, seen.get(sheet.assessment_id)))
    return found


def _year(sheet: Sheet, sight: LedgerSight | None) -> YearFigures:
    assert sheet.total is not None
    assert sheet.counted is not None
    assert sheet.skilled is not None
    assert sheet.matured is not None
    assert sheet.retained is not None
    return YearFigures(
        number=sheet.assessment.period_no,
        total=sheet.total,
        passed=sheet.outcome == Outcome.PASSED,
        counted=sheet.counted,
        skilled=sheet.skilled,
        matured=sheet.matured,
        retained=sheet.retained,
        ledger_seen=sight is not None,
        ledger_gaps=tuple(Item(gap).label for gap in sight.gaps if gap != Item.L8) if sight else (),
        reopened=sheet.assessment.stage != Stage.FINAL,
    )


def matrix_of(station: Station, *, cutoff: dt.date, latest: bool = False) -> Matrix:
    """The four criteria of a station under the version of the cutoff (R-48)."""
    return matrix(
        figures_of([station.pk], until=cutoff).get(station.pk, ()),
        established_on=station.established_on,
        cutoff=cutoff,
        policy=policy_on(cutoff).policy,
        latest=latest,
    )


def standing_of(station: Station) -> Standing:
    return Standing(
        active=station.state == StationState.ACTIVE,
        revoking=station.revocations.open().exists(),
        titled=station.titles.held().exists(),
    )


def may_stand(round_: Round, user: User) -> QuerySet[Station]:
    """Stations this person may put forward in the round: running, no open revocation, not titled, not in it yet."""
    there = Candidate.objects.filter(round=round_, station=OuterRef("pk")).exclude(stage=CandidateStage.WITHDRAWN)
    held = Title.objects.held().filter(station=OuterRef("pk"))
    revoking = Revocation.objects.filter(station=OuterRef("pk"), stage__in=OPEN_REVOCATION)
    rows = Station.objects.visible_to(user).filter(state=StationState.ACTIVE)
    return rows.exclude(Exists(there)).exclude(Exists(held)).exclude(Exists(revoking)).order_by("name")


def as_json(found: Matrix) -> dict[str, Any]:
    """The matrix as it is kept with a candidate or a 复核."""
    return {
        "years": list(found.years),
        "rows": [
            {
                "criterion": row.criterion,
                "cells": [[cell.met, cell.words] for cell in row.cells],
                "beyond": [[cell.met, cell.words] for cell in row.beyond],
            }
            for row in found.rows
        ],
    }


def from_json(said: dict[str, Any]) -> Matrix:
    """The matrix that `as_json` kept."""

    def cells(rows: list[list[Any]]) -> tuple[Cell, ...]:
        return tuple(Cell(met, words) for met, words in rows)

    return Matrix(
        tuple(said["years"]),
        tuple(Row(Criterion(row["criterion"]), cells(row["cells"]), cells(row["beyond"])) for row in said["rows"]),
    )


def candidates(round_: Round, user: User) -> QuerySet[Candidate]:
    rows = Candidate.objects.visible_to(user).filter(round=round_)
    return rows.select_related("station", "operator", "review").order_by("stage", "created_at")


def due_reverifications(user: User) -> QuerySet[Reverification]:
    """复核 that are open, the earliest due first; of a title that ended meanwhile none is left."""
    rows = Reverification.objects.visible_to(user).filter(decided_on__isnull=True, title__state=TitleState.HELD)
    return rows.select_related("title__station", "title__operator", "review").order_by("due_on")


def to_hand_in(user: User) -> QuerySet[Reverification]:
    """复核 that nobody has handed in yet, the earliest due first; once handed in they wait in the inbox. One after
    限期整改 when its last day is over."""
    return due_reverifications(user).filter(Q(after__isnull=True) | Q(due_on__lt=today()), review__isnull=True)


def rectifying(user: User) -> QuerySet[Reverification]:
    """复核 whose 限期整改 still runs or waits for the second look, the earliest last day first."""
    rows = Reverification.objects.visible_to(user).filter(
        verdict=Verdict.RECTIFY, second__decided_on__isnull=True, title__state=TitleState.HELD
    )
    return rows.select_related("title__station").order_by("rectify_until")


def public_titles() -> QuerySet[Title]:
    """Titles anybody may read of: held, by stations that are not revoked."""
    gone = Q(station__state=StationState.REVOKED)
    return Title.objects.held().exclude(gone).select_related("station", "operator", "document")


def years_to_see(station: Station, *, until: dt.date) -> list[tuple[Assessment, LedgerSight | None]]:
    """The final years of a station with what was last seen of their ledgers, the earliest first; two queries."""
    in_time = Sheet.objects.filter(assessment=OuterRef("pk"), final_on__lte=until)
    years = list(Assessment.objects.filter(Exists(in_time), station=station, stage=Stage.FINAL).order_by("period_no"))
    seen = {
        sight.assessment_id: sight
        for sight in LedgerSight.objects.filter(assessment__in=years).select_related("seen_by").order_by("entered_at")
    }
    return [(year, seen.get(year.pk)) for year in years]


__all__ = [
    "as_json",
    "candidates",
    "due_reverifications",
    "figures_of",
    "from_json",
    "matrix_of",
    "may_stand",
    "public_titles",
    "rectifying",
    "standing_of",
    "to_hand_in",
    "years_to_see",
]
