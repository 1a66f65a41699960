"""走访检查 (第六条（一）; R-20): how many people inspect, what is overdue, how often. Pure functions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from jinhua_labor.policy.types import Settings
from stations.oversight.enums import FindingState, VisitKind


def inspector_problem(kind: VisitKind, inspectors: int, *, settings: Settings) -> str:
    """Why a visit of this kind cannot be recorded with so many people of the centre; empty when it can.

    监督检查 by two at least (《人力资源市场暂行条例》第三十四条); 走访 needs one.
    """
    if kind == VisitKind.SUPERVISION and inspectors < settings.supervision_min_inspectors:
        return f"监督检查须由{settings.supervision_min_inspectors}名以上工作人员进行，现在只有{inspectors}名。"
    return "" if inspectors else "请选择检查人员。"


@dataclass(frozen=True, slots=True)
class FindingFact:
    """A problem found, the day by which it is to be put right, where it stands."""

    due_on: date
    state: FindingState = FindingState.OPEN


@dataclass(frozen=True, slots=True)
class Overdue:
    """逾期未整改: an alert for people. It names no consequence, because there is none by itself (R-20)."""

    days: int

    @property
    def text(self) -> str:
        return f"逾期{self.days}天未整改"


def overdue(fact: FindingFact, *, on: date) -> Overdue | None:
    """The alert of a problem still open after its day; None in time, while it waits for 复查, and once settled."""
    if fact.state != FindingState.OPEN or on <= fact.due_on:
        return None
    return Overdue((on - fact.due_on).days)


def visits_short(visited_on: Iterable[date], *, year: int, settings: Settings) -> int:
    """How many visits of the calendar year are lacking to the number the office reminds itself of; never a duty."""
    done = sum(day.year == year for day in visited_on)
    return max(0, settings.visit_min_per_year - done)


def all_settled(states: Iterable[FindingState]) -> bool:
    """Whether every problem of a station is settled, so that 整改中 ends."""
    return all(state == FindingState.CLOSED for state in states)
