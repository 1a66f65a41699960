"""The live meter: what a running year scores as the data stand today, with the same functions as the official sheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from assessments.sheets.rules.facts import GIVEN, WHOLE, SheetFacts
from assessments.sheets.rules.steps import Outlook, outlook
from assessments.sheets.rules.words import notes, words
from jinhua_labor.policy.periods import Period
from jinhua_labor.policy.types import Indicator, Policy
from jinhua_labor.rulebook import policy_on
from stations.registry.enums import PUBLIC_STATES
from stations.registry.models import Station
from stations.registry.queries.papers import period_of

from .facts import YearOf, gather_many

UNSCORED = "工作创新在评估时由评估人员评定，这里按 0 分计"


@dataclass(frozen=True, slots=True)
class LineView:
    """A line as the meter shows it: points, the arithmetic, what stands beside it."""

    line: Indicator
    points: Decimal
    words: str
    notes: tuple[str, ...]
    judged: bool


@dataclass(frozen=True, slots=True)
class Meter:
    """A running year of a station as it stands; nothing here is decided, and nothing is kept."""

    station: Station
    period: Period
    as_of: dt.date
    policy: Policy
    facts: SheetFacts
    outlook: Outlook
    money_waits: bool

    @property
    def total(self) -> Decimal:
        return self.outlook.settled.total

    @property
    def remark(self) -> str:
        """What is taken as there although nobody has seen it yet."""
        pending = self.facts.of_ledger.paper_pending
        paper = f"台账 {len(pending)} 项只有电子件，按有计算，纸质待核；" if pending else ""
        return f"{paper}{UNSCORED}。"

    def lines(self) -> list[LineView]:
        """The thirteen lines in the order of the form."""
        return [
            LineView(
                line,
                self.outlook.points[line.code],
                UNSCORED if line.code == GIVEN else words(line.code, self.facts, policy=self.policy),
                notes(line.code, self.facts, policy=self.policy),
                line.code in WHOLE,
            )
            for line in self.policy.indicators
        ]


def meters(stations: Collection[Station], *, day: dt.date) -> list[Meter]:
    """The running year of each of these stations; none for one that does not run or whose first year has not begun.
    A fixed number of queries whatever the number of stations."""
    years = []
    for station in stations:
        period = period_of(station, day) if station.state in PUBLIC_STATES else None
        if period is not None and day in period:
            years.append(YearOf(station, period, day, policy_on(period.end).policy))
    facts = gather_many(years, as_of=day, official=False)
    return [
        Meter(
            station=year.station,
            period=year.period,
            as_of=day,
            policy=year.policy,
            facts=facts[year.station.pk],
            outlook=outlook(facts[year.station.pk], policy=year.policy, ends_on=year.period.end),
            money_waits=policy_on(year.period.end).money_waits,
        )
        for year in years
    ]


def meter_of(station: Station, *, day: dt.date) -> Meter | None:
    """The running year of one station."""
    return next(iter(meters([station], day=day)), None)
