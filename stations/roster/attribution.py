"""Persons, not rows (R-07): who is the same person, which row of a person counts, which operator holds it."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from jinhua_labor.core.idnumber import normalise
from jinhua_labor.policy.periods import add_months
from jinhua_labor.policy.switches import YearAttribution
from jinhua_labor.policy.types import Policy

from .enums import CountStatus


@dataclass(frozen=True, slots=True)
class Tally:
    """Rows, and distinct persons by their best row: 计入, 待核, 不计."""

    rows: int
    counted: int
    pending: int
    excluded: int

    @property
    def possible(self) -> int:
        """Persons who count or still may."""
        return self.counted + self.pending


def person_key(id_text: str) -> str:
    """What makes two rows the same person: the number, normalised (“…x” is “…X”)."""
    return normalise(id_text)


_RANK = {CountStatus.COUNTED.value: 2, CountStatus.PENDING.value: 1, CountStatus.EXCLUDED.value: 0}


def distinct_counted(rows: Iterable[tuple[Hashable, str]]) -> Tally:
    """The tally of (person, status) rows; a person with several rows is told by the best of them."""
    best: dict[Hashable, int] = {}
    number = 0
    for person, status in rows:
        number += 1
        rank = _RANK[status]
        if rank > best.get(person, -1):
            best[person] = rank
    ranks = list(best.values())
    return Tally(number, ranks.count(2), ranks.count(1), ranks.count(0))


@dataclass(frozen=True, slots=True)
class ClaimedRow:
    """A row that counts or may count, to be compared with others of the person; `submitted` orders 报送."""

    row: Hashable
    person: Hashable
    operator: Hashable
    employer: str
    entry_on: date
    submitted: Any = field(default=0)
    qualified_on: date | None = None


def year_day(entry_on: date, qualified_on: date | None, *, reading: YearAttribution) -> date:
    """The day that puts a row into a year (R-07): 入职时间, or the day the insurance run was complete; a row without
    one does not count and stays with its 入职时间."""
    if reading is YearAttribution.QUALIFIED and qualified_on is not None:
        return qualified_on
    return entry_on


def repeated(
    rows: Iterable[ClaimedRow], *, policy: Policy, period_of: Callable[[date, date | None], Hashable] | None = None
) -> frozenset[Hashable]:
    """Rows that are E13: a person's later rows in the same period, or at all when `period_of` is None (R-12). It takes
    入职时间 and the day the insurance run was complete.

    Pass only rows of one station (or operator) that are not EXCLUDED otherwise, so that a void row displaces none.
    """
    gap = policy.redeliver_gap_months
    seen: set[tuple[Hashable, Hashable]] = set()
    latest: dict[tuple[Hashable, str], date] = {}
    again: set[Hashable] = set()
    for row in sorted(rows, key=lambda row: (row.entry_on, row.submitted)):
        period = None if period_of is None else period_of(row.entry_on, row.qualified_on)
        before = latest.get((row.person, row.employer))
        if (row.person, period) in seen or (before is not None and gap and row.entry_on < add_months(before, gap)):
            again.add(row.row)
            continue
        seen.add((row.person, period))
        latest[row.person, row.employer] = row.entry_on
    return frozenset(again)


def claimed_by_others(rows: Iterable[ClaimedRow], *, policy: Policy) -> frozenset[Hashable]:
    """Rows that are E14: another operator submitted the same person first, with an entry within 12 months."""
    held: dict[Hashable, list[ClaimedRow]] = {}
    later: set[Hashable] = set()
    window = policy.claim_window_months
    for row in sorted(rows, key=lambda row: row.submitted):
        holders = held.setdefault(row.person, [])
        if any(
            holder.operator != row.operator and _within(holder.entry_on, row.entry_on, window) for holder in holders
        ):
            later.add(row.row)
        else:
            holders.append(row)
    return frozenset(later)


def _within(one: date, two: date, months: int) -> bool:
    return max(one, two) <= add_months(min(one, two), months)
