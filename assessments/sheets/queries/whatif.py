"""试算 of a draft version over the finished years, station by station, from the frozen snapshots (第十五条)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from assessments.sheets.enums import Stage
from assessments.sheets.models import Assessment, Sheet
from assessments.sheets.rules.facts import SheetFacts
from assessments.sheets.rules.snapshot import policy_of
from assessments.sheets.rules.whatif import Sum, Trial, summed, tried
from jinhua_labor.accounts.models import User
from jinhua_labor.policy.scoring import ScoreError
from jinhua_labor.policy.types import Policy
from jinhua_labor.rulebook.rules import touches_counting
from jinhua_labor.rulebook.words import PARAMETERS
from stations.roster.models import Delivery

from .recounting import recounted

RECOUNT_MOST = 50_000
"""Rows of the stations that are still counted again while somebody waits for the page."""

SKILLED = ("tech_min_skill_level", "tech_min_title", "tech_edu_counts")
"""Who is 技术技能人才 (R-66): read from the rows as the definition of 第一条 is."""

UNTRIED = (
    *("year_attribution", "assessment_mode", "established_anchor", "liaison_grace_workdays", "ledger_medium"),
    *("joint_activity", "retention_months", "retention_scope", "veto_complaints_verified_only"),
)
"""Parameters that decide what is gathered, of which a snapshot keeps only what came of it."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A finished year of a station before and after; `recounted`: its people were counted again from today's rows."""

    sheet: Sheet
    trial: Trial
    recounted: bool


@dataclass(frozen=True, slots=True)
class WhatIf:
    """All years that end in `year`, what differs most first. `rows` is set where they are too many to count again."""

    year: int
    years: tuple[int, ...]
    lines: tuple[Tried, ...]
    sum: Sum
    broken: tuple[Sheet, ...]
    untried: tuple[str, ...]
    definition: bool
    rows: int

    @property
    def moved(self) -> int:
        return sum(line.trial.moves for line in self.lines)


def finished_years(user: User) -> tuple[int, ...]:
    """The calendar years in which assessed years ended whose result is final, the latest first."""
    found = Assessment.objects.visible_to(user).filter(stage=Stage.FINAL).dates("ends_on", "year", order="DESC")
    return tuple(day.year for day in found)


def sheets_of(year: int, user: User) -> QuerySet[Sheet]:
    """The sheets in force of the years that ended in this calendar year."""
    latest = Sheet.objects.filter(assessment=OuterRef("assessment"), final_on__isnull=False).order_by("-round")
    rows = Sheet.objects.visible_to(user).filter(assessment__stage=Stage.FINAL, assessment__ends_on__year=year)
    return rows.filter(pk=Subquery(latest.values("pk")[:1])).select_related(
        "assessment__station__operator", "assessment__operator"
    )


def what_if(draft: Policy, *, user: User, day: dt.date, year: int | None = None) -> WhatIf | None:
    """The finished years of `year` (the last one where it names none) under the draft; None while none is finished.
    Reads only: nothing that was decided changes."""
    years = finished_years(user)
    if not years:
        return None
    chosen = year if year in years else next((one for one in years if one < day.year), years[0])
    sheets = list(sheets_of(chosen, user))
    changed = {sheet.pk: _definition_differs(sheet.snapshot, draft) for sheet in sheets if sheet.snapshot}
    again = {sheet.assessment.station_id for sheet in sheets if changed.get(sheet.pk)}
    rows = Delivery.objects.filter(station__in=again).count() if again else 0
    found, broken = [], []
    for sheet in sheets:
        recount = changed.get(sheet.pk, False) and rows <= RECOUNT_MOST
        try:
            found.append(_tried(sheet, draft, day=day, recount=recount))
        except (KeyError, TypeError, ValueError, ScoreError):
            broken.append(sheet)
    found.sort(key=_most_first)
    return WhatIf(
        year=chosen,
        years=years,
        lines=tuple(found),
        sum=summed({line.sheet.pk: line.trial for line in found}),
        broken=tuple(broken),
        untried=_untried((sheet.snapshot for sheet in sheets if sheet.snapshot), draft),
        definition=bool(again),
        rows=rows if rows > RECOUNT_MOST else 0,
    )


def _tried(sheet: Sheet, draft: Policy, *, day: dt.date, recount: bool) -> Tried:
    said = sheet.snapshot or {}
    if not recount:
        return Tried(sheet, tried(said, draft), recounted=False)
    facts = recounted(sheet.assessment, SheetFacts.from_json(said["facts"]), draft=draft, day=day)
    return Tried(sheet, tried(said, draft, facts=facts), recounted=True)


def _most_first(line: Tried) -> tuple[Any, ...]:
    trial, year = line.trial, line.sheet.assessment
    points = trial.after.total - trial.before.total
    return -abs(trial.more), -abs(points), not trial.moves, year.station.name, year.period_no


def _kept(said: Mapping[str, Any], draft: Policy) -> Policy:
    """The version of a snapshot; what it does not know yet as the draft has it, so that it differs in nothing there."""
    was, kept = policy_of(said), said["policy"]["parameters"]
    return replace(was, **{one.name: getattr(draft, one.name) for one in fields(Policy) if one.name not in kept})


def _definition_differs(said: Mapping[str, Any] | None, draft: Policy) -> bool:
    try:
        was = _kept(said or {}, draft)
    except (KeyError, TypeError, ValueError):
        return False
    return touches_counting(was, draft) or any(getattr(was, name) != getattr(draft, name) for name in SKILLED)


def _untried(snapshots: Iterable[Mapping[str, Any]], draft: Policy) -> tuple[str, ...]:
    """What the draft reads otherwise and no snapshot can tell, by the parameters' Chinese names."""
    names: set[str] = set()
    for said in snapshots:
        try:
            was = _kept(said, draft)
        except (KeyError, TypeError, ValueError):
            continue
        names |= {name for name in UNTRIED if getattr(was, name) != getattr(draft, name)}
    return tuple(PARAMETERS[name][0] for name in UNTRIED if name in names)
