"""What each station is owed as things stand, gathered set-based: the queries stay the same for one station and for all
(R-33, R-43 … R-48)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import OuterRef, Q, QuerySet, Subquery, UUIDField
from django.db.models.functions import Coalesce

from assessments.excellent.models import Title
from assessments.sheets.enums import Outcome, Stage
from assessments.sheets.models import Sheet
from jinhua_labor.core.clock import local_date
from jinhua_labor.rulebook import policy_on
from jinhua_labor.rulebook.book import NoPolicy, policy_version
from stations.oversight.enums import OPEN_REVOCATION, ChangeKind, Ground, RevocationStage
from stations.oversight.models import ChangeReport, Revocation
from stations.oversight.rules.revocations import needs_hearing
from stations.registry.models import Station
from subsidies.grants.enums import GrantKind
from subsidies.grants.rules import (
    Decided,
    Entitlement,
    Holding,
    ResultFact,
    StationFact,
    TitleFact,
    excellent,
    first_title,
    setup,
    survives,
    yearly,
)

Key = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class Year:
    """An assessed year of a station, and the version it was assessed by."""

    assessment: uuid.UUID
    policy_version: str
    sheets: list[tuple[uuid.UUID, dt.date]] = field(default_factory=list)
    """Every sheet of the year with the day it was opened, in order; the second on correct the one before."""

    def corrected_since(self, sheet: uuid.UUID | None) -> dt.date | None:
        """The day on which this sheet began to be corrected."""
        order = [pk for pk, _ in self.sheets]
        following = self.sheets[order.index(sheet) + 1 :] if sheet in order else []
        return following[0][1] if following else None


@dataclass(slots=True)
class Owed:
    """One station: what its triggers give now, and what stands in the way. `results` are the FINAL years by number,
    the failed ones too; `reopened` the years whose final result is being corrected."""

    station: uuid.UUID
    entitled: dict[Key, Entitlement] = field(default_factory=dict)
    decided: Decided | None = None
    revocation: uuid.UUID | None = None
    revoking: bool = False
    revoked_since: dt.date | None = None
    results: dict[int, ResultFact] = field(default_factory=dict)
    years: dict[int, Year] = field(default_factory=dict)
    reopened: set[int] = field(default_factory=set)

    def survives(self, key: Key, final_on: dt.date) -> bool:
        """Whether a decision to revoke leaves this claim; what gives nothing now is judged by the day it was final."""
        if self.decided is None:
            return True
        entitled = self.entitled.get(key)
        if entitled is not None:
            return survives(entitled, self.decided)
        return not self.decided.fraud and final_on < self.decided.on

    def since(self, key: Key, sheet: uuid.UUID | None) -> dt.date | None:
        """The first day of what may hold this claim: a procedure against the station, a correction of the year whose
        `sheet` it was decided by."""
        year = self.years.get(key[1] or 0) if key[0] == GrantKind.YEARLY else None
        days = (self.revoked_since, year.corrected_since(sheet) if year else None)
        return min((day for day in days if day is not None), default=None)

    def is_reopened(self, key: Key) -> bool:
        return key[0] == GrantKind.YEARLY and key[1] in self.reopened


def owed(stations: Collection[uuid.UUID] | None = None) -> dict[uuid.UUID, Owed]:
    """For these stations, or all of them; the same eight queries for one and for many."""
    everyone = stations is None
    rows = Station.objects.all() if stations is None else Station.objects.filter(pk__in=stations)
    listed = list(rows.values_list("pk", "established_on", "area_key"))
    found = {pk: Owed(pk) for pk, *_ in listed}
    founders = _founders(rows)
    _revocations(found, None if everyone else set(found))
    _results(found, None if everyone else set(found))
    earlier = _earlier(set(founders.values()), None if everyone else set(found))
    holdings = _Holdings()
    for pk, established_on, area in listed:
        one, founder = found[pk], founders[pk]
        before = [row for row in earlier[founder] if row.station != pk and row.established_on < established_on]
        fact = StationFact(
            established_on=established_on,
            operator=founder,
            same_area=any(row.area == area for row in before),
            same_unit=bool(before),
            after_ban=any(row.revoked_on is not None and row.revoked_on <= established_on for row in before),
        )
        _put(one, setup(fact, holdings.on(established_on)))
        for number, result in one.results.items():
            holding = holdings.of(result.ends_on, one.years[number].policy_version)
            if holding is not None:
                _put(one, yearly(result, holding))
    for pk, title in _titles(None if everyone else set(found)).items():
        holding = holdings.on(title.recognised_on)
        if holding is not None:
            _put(found[pk], excellent(title, holding))
    return found


def _put(one: Owed, entitled: Entitlement | None) -> None:
    if entitled is not None:
        one.entitled[entitled.key] = entitled


class _Holdings:
    """The version each trigger's day selects, asked once a day; a year keeps the version it was assessed by."""

    def __init__(self) -> None:
        self._on: dict[dt.date, Holding | None] = {}

    def on(self, day: dt.date) -> Holding | None:
        if day not in self._on:
            try:
                held = policy_on(day)
            except NoPolicy:
                self._on[day] = None
            else:
                self._on[day] = Holding(held.policy, held.money_waits)
        return self._on[day]

    def of(self, ends_on: dt.date, version: str) -> Holding | None:
        holding = self.on(ends_on)
        if holding is None or version == holding.policy.id:
            return holding
        return Holding(policy_version(version), holding.money_waits)


Scope = Collection[uuid.UUID] | None


def _founders(rows: QuerySet[Station]) -> dict[uuid.UUID, uuid.UUID]:
    """The unit that set each station up, whoever runs it now: no second 1万 for who takes over (G-35)."""
    moved = ChangeReport.objects.filter(station=OuterRef("pk"), kind=ChangeKind.OPERATOR, applied_on__isnull=False)
    first = Subquery(moved.order_by("applied_on", "created_at").values("operator_id")[:1])
    listed = rows.annotate(founder=Coalesce("application__operator_id", first, "operator_id", output_field=UUIDField()))
    return dict(listed.values_list("pk", "founder"))


def _revocations(found: dict[uuid.UUID, Owed], scope: Scope) -> None:
    rows = Revocation.objects.filter(stage__in=[*OPEN_REVOCATION, RevocationStage.DECIDED])
    if scope is not None:
        rows = rows.filter(station__in=scope)
    names = ("pk", "station", "stage", "grounds", "document__issued_on", "proposed_on", "created_at")
    for pk, station, stage, grounds, issued_on, proposed_on, created_at in rows.values_list(*names):
        one = found[station]
        if stage == RevocationStage.DECIDED:
            one.decided, one.revocation = Decided(issued_on, Ground.G4 in grounds), pk
        elif needs_hearing(grounds):
            one.revoking = True
        else:
            continue
        one.revoked_since = proposed_on or local_date(created_at)


def _results(found: dict[uuid.UUID, Owed], scope: Scope) -> None:
    """The sheet in force of each year that was ever final: a year that is no longer FINAL is being corrected."""
    rows = Sheet.objects.filter(final_on__isnull=False).select_related("assessment").order_by("assessment", "round")
    rows = rows.defer("facts", "snapshot")
    if scope is not None:
        rows = rows.filter(assessment__station__in=scope)
    for sheet in rows:
        year, one = sheet.assessment, found[sheet.assessment.station_id]
        one.years[year.period_no] = Year(year.pk, year.policy_version)
        if year.stage != Stage.FINAL:
            one.reopened.add(year.period_no)
            one.results.pop(year.period_no, None)
            continue
        assert sheet.total is not None
        assert sheet.final_on is not None
        one.results[year.period_no] = ResultFact(
            number=year.period_no,
            ends_on=year.ends_on,
            final_on=sheet.final_on,
            total=sheet.total,
            passed=sheet.outcome == Outcome.PASSED,
            operator=year.operator_id,
            source=sheet.pk,
            vetoed=bool(sheet.vetoed),
            counted=sheet.counted,
        )
    _sheets(found, scope)


def _sheets(found: dict[uuid.UUID, Owed], scope: Scope) -> None:
    """Every sheet of the years above, those that correct them too."""
    rows = Sheet.objects.order_by("assessment", "round")
    if scope is not None:
        rows = rows.filter(assessment__station__in=scope)
    for pk, opened_at, station, number in rows.values_list(
        "pk", "opened_at", "assessment__station", "assessment__period_no"
    ):
        if year := found[station].years.get(number):
            year.sheets.append((pk, local_date(opened_at)))


@dataclass(frozen=True, slots=True)
class _Earlier:
    station: uuid.UUID
    area: str
    established_on: dt.date
    revoked_on: dt.date | None


def _earlier(units: set[uuid.UUID], scope: Scope) -> dict[uuid.UUID, list[_Earlier]]:
    """The stations each of these units set up or runs, and when they were revoked."""
    decided = Revocation.objects.filter(station=OuterRef("pk"), stage=RevocationStage.DECIDED)
    rows = Station.objects.annotate(revoked_on=Subquery(decided.values("document__issued_on")[:1]))
    if scope is not None:
        rows = rows.filter(Q(operator__in=units) | Q(application__operator__in=units))
    found: dict[uuid.UUID, list[_Earlier]] = defaultdict(list)
    for pk, area, on, revoked_on, now, founder in rows.values_list(
        "pk", "area_key", "established_on", "revoked_on", "operator", "application__operator"
    ):
        for unit in {now, founder or now}:
            found[unit].append(_Earlier(pk, area, on, revoked_on))
    return found


def _titles(scope: Scope) -> dict[uuid.UUID, TitleFact]:
    rows = Title.objects.all() if scope is None else Title.objects.filter(station__in=scope)
    every: dict[uuid.UUID, list[TitleFact]] = defaultdict(list)
    for pk, station, on, unit in rows.values_list("pk", "station", "recognised_on", "operator"):
        every[station].append(TitleFact(on, unit, pk))
    first = {station: first_title(titles) for station, titles in every.items()}
    return {station: title for station, title in first.items() if title is not None}
