"""N, T, M and R of a year from its people, and the contracts not in order among them (R-56, R-61, R-67). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from jinhua_labor.policy.periods import Period, in_retention_cohort, retention_check_on
from jinhua_labor.policy.switches import RetentionCohort
from jinhua_labor.policy.types import Policy
from stations.roster.enums import ContractTiming, CountStatus
from stations.roster.retention import CheckRow, RetentionCounts, is_retained, retention_counts

from .facts import Cohort, ContractFacts, RetentionFacts, RosterFacts

BEFORE = "上年"
"""The code of a row of the year before that only its check brings into this one (CHECK_IN_PERIOD)."""


class Alike(Protocol):
    """Some rows alike, as `stations.roster.queries.counting` groups them."""

    @property
    def inside(self) -> bool: ...
    @property
    def status(self) -> str: ...
    @property
    def skilled(self) -> bool | None: ...
    @property
    def entry_on(self) -> date: ...
    @property
    def result(self) -> str: ...
    @property
    def month_ok(self) -> bool | None: ...
    @property
    def due_on(self) -> date | None: ...
    @property
    def timing(self) -> str: ...


class Numbered(Alike, Protocol):
    """Rows alike with how many they are."""

    @property
    def number(self) -> int: ...


@dataclass(frozen=True, slots=True)
class PeopleCounts:
    """What a sheet needs of its people. `skilled` counts only rows a frozen roster speaks for."""

    roster: RosterFacts
    counted: int
    skilled: int
    contracts: ContractFacts
    matured: int
    retained: int
    retention: RetentionFacts


def count(
    rows: Iterable[Numbered], *, period: Period, cutoff: date, as_of: date, policy: Policy, frozen: bool
) -> PeopleCounts:
    """The numbers of a year. M is fixed by `cutoff`; checks are read as they stand on `as_of`."""
    by_status = dict.fromkeys(CountStatus.values, 0)
    skilled = missing = late = maturing = 0
    checks: list[CheckRow] = []
    for row in rows:
        if row.inside:
            by_status[row.status] += row.number
        if row.status != CountStatus.COUNTED:
            continue
        checks.append(CheckRow(row.entry_on, row.result, row.month_ok, row.due_on, row.number, row.inside))
        if row.inside:
            skilled += row.number if row.skilled else 0
            missing += row.number if row.timing == ContractTiming.MISSING else 0
            late += row.number if row.timing == ContractTiming.LATE else 0
            check_on = retention_check_on(row.entry_on, policy=policy)
            maturing += row.number if as_of < check_on <= period.opens_on else 0
    by_cohort = {
        cohort: retention_counts(
            checks, period=period, cutoff=cutoff, as_of=as_of, policy=replace(policy, retention_cohort=cohort)
        )
        for cohort in RetentionCohort
    }
    found = by_cohort[policy.retention_cohort]
    return PeopleCounts(
        roster=RosterFacts(
            raw=sum(by_status.values()),
            pending=by_status[CountStatus.PENDING],
            excluded=by_status[CountStatus.EXCLUDED],
            frozen=frozen,
        ),
        counted=by_status[CountStatus.COUNTED],
        skilled=skilled,
        contracts=ContractFacts(missing, late),
        matured=found.matured,
        retained=found.retained,
        retention=_retention(found, by_cohort, maturing),
    )


def _retention(
    found: RetentionCounts, by_cohort: dict[RetentionCohort, RetentionCounts], maturing: int
) -> RetentionFacts:
    return RetentionFacts(
        left=found.left,
        unverified=found.unverified,
        uninsured=found.uninsured,
        open=found.open,
        in_time=found.in_time,
        maturing=maturing,
        cohorts=tuple(Cohort(str(cohort), one.retained, one.matured) for cohort, one in by_cohort.items()),
    )


def ratio_of(row: Alike, *, period: Period, cutoff: date, policy: Policy) -> tuple[bool, bool]:
    """Whether one row is in M, and in R: what `count` adds up."""
    if row.status != CountStatus.COUNTED:
        return False, False
    matured = in_retention_cohort(row.entry_on, period, cutoff=cutoff, policy=policy, inside=row.inside)
    return matured, matured and is_retained(row.result, row.month_ok)
