"""The numbers of a list as they stand."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stations.roster.models import RosterList


@dataclass(frozen=True, slots=True)
class RosterSummary:
    """Rows of a list: raw = counted + pending + excluded. A person has at most one row that counts or may count, so
    `counted` and `pending` are persons as well (R-07, R-12). `by_code` says how many rows carry each code."""

    raw: int = 0
    counted: int = 0
    pending: int = 0
    excluded: int = 0
    persons: int = 0
    by_code: dict[str, int] = field(default_factory=dict)
    as_of: dt.date | None = None
    counted_at: dt.datetime | None = None
    recount_due: bool = False

    @property
    def possible(self) -> int:
        """Persons who count or still may: what SUBMIT asks for (R-12)."""
        return self.counted + self.pending


def summary(roster_list: RosterList) -> RosterSummary:
    """The stored count of the list; asks the database nothing beyond the list's own row."""
    return RosterSummary(
        raw=roster_list.rows,
        counted=roster_list.counted,
        pending=roster_list.pending,
        excluded=roster_list.excluded,
        persons=roster_list.persons,
        by_code=dict(roster_list.by_code),
        as_of=roster_list.counted_as_of,
        counted_at=roster_list.counted_at,
        recount_due=roster_list.recount_due,
    )
