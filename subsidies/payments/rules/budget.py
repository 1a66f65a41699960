"""A fiscal year's money: planned, committed, paid, and what the running years may still ask for (G-33). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from jinhua_labor.policy.scoring import reward
from jinhua_labor.policy.types import Policy

if TYPE_CHECKING:
    from jinhua_labor.core.workdays import WorkCalendar

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Range:
    """Money between two bounds: `low` as the data stand today, `high` with every step up that is still open."""

    low: Decimal = ZERO
    high: Decimal = ZERO

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.high + other.high)


@dataclass(frozen=True, slots=True)
class YearAhead:
    """A station's year whose result is not final: what it scores, what its open steps would add, whether it is vetoed,
    and the points judgement may still give (工作创新)."""

    total: Decimal
    gains: tuple[Decimal, ...]
    vetoed: bool
    judged: Decimal
    ends_on: date
    waits: bool = False  # its money waits for a document that covers the day


@dataclass(frozen=True, slots=True)
class Budget:
    """One fiscal year. `planned` None: nobody has entered it. `reviewing` are grants drafted and not yet approved,
    `waiting` what of them and of the forecast waits for a recorded extension (R-48)."""

    year: int
    planned: Decimal | None
    committed: Decimal
    paid: Decimal
    reviewing: Decimal = ZERO
    forecast: Range = Range()
    waiting: Range = Range()

    @property
    def bound(self) -> Decimal:
        """Spent or promised: approved grants, paid or not."""
        return self.committed + self.paid

    @property
    def left(self) -> Decimal | None:
        """What of the plan is neither paid nor committed; negative where more was approved than planned."""
        return None if self.planned is None else self.planned - self.bound

    @property
    def expected(self) -> Range:
        """What the year comes to in the end: bound, under review, and the forecast."""
        sure = self.bound + self.reviewing
        return Range(sure + self.forecast.low, sure + self.forecast.high)

    @property
    def verdict(self) -> str:
        """In words whether the plan holds."""
        if self.planned is None:
            return "还没有录入本年度预算。"
        if self.bound > self.planned:
            return "已批准的补贴超过预算。"
        if self.expected.high <= self.planned:
            return "按现有数据，预算够用。"
        if self.expected.low > self.planned:
            return "按现有数据，预算不足。"
        return "预算可能不足，取决于各站年度结果。"


def forecast_of(year: YearAhead, *, policy: Policy) -> Range:
    """奖励 a year would bring: as the data stand, and with all its open steps and full judged points (第十二条（二）).

    A vetoed year brings nothing whatever is done. Never above the highest tier, never below zero.
    """
    if year.vetoed:
        return Range()
    best = min(year.total + sum(year.gains, ZERO) + year.judged, Decimal(sum(one.weight for one in policy.indicators)))
    return Range(
        reward(year.total, year.total >= policy.pass_score, policy=policy),
        reward(best, best >= policy.pass_score, policy=policy),
    )


def fiscal_year_of(ends_on: date, *, today: date, policy: Policy, calendar: WorkCalendar) -> int:
    """The budget a year's money is expected to fall into: the year of the day it can be approved at the earliest.

    After the period come the assessment, 公示 of its result and 公示 of the grant, in promised working days; never
    before today.
    """
    promises = policy.settings
    days = promises.assess_due_workdays + policy.publicity_workdays_assessment + promises.grant_publicity_workdays
    return max(calendar.add_workdays(ends_on, days), today).year


def summed(parts: Iterable[Range]) -> Range:
    """The ranges together."""
    found = Range()
    for part in parts:
        found += part
    return found
