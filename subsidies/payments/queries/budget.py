"""A fiscal year's money from the rows as they stand, and the forecast from the live meters (G-33)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum, Value
from django.db.models.functions import Greatest

from assessments.sheets.models import Assessment
from assessments.sheets.queries.facts import YearOf, gather_many
from assessments.sheets.rules.facts import GIVEN, SheetFacts
from assessments.sheets.rules.steps import Outlook, outlook
from jinhua_labor.core.figures import plain
from jinhua_labor.core.money import yuan
from jinhua_labor.core.workdays import work_calendar
from jinhua_labor.policy.periods import Period
from jinhua_labor.policy.types import Policy
from jinhua_labor.rulebook import policy_on
from stations.registry.enums import PUBLIC_STATES
from stations.registry.models import Station
from stations.registry.queries.papers import period_of
from subsidies.grants.enums import GrantKind, Stage
from subsidies.grants.models import Grant, Recovery
from subsidies.payments.enums import PaymentState
from subsidies.payments.models import BudgetEntry, Payment
from subsidies.payments.rules.budget import Budget, Range, YearAhead, fiscal_year_of, forecast_of, summed

ZERO = Decimal(0)
FIRST_YEAR = 2021
"""The first year of the notice."""
_REVIEWING = (Stage.DRAFT, Stage.SUBMITTED, Stage.SCREENED, Stage.REVIEWED)
_COMMITTED = (Stage.APPROVED, Stage.BATCHED)


@dataclass(frozen=True, slots=True)
class KindLine:
    """One item of 第十二条 in the year."""

    kind: str
    committed: Decimal
    paid: Decimal
    reviewing: Decimal

    @property
    def label(self) -> str:
        return str(GrantKind(self.kind).label)


@dataclass(frozen=True, slots=True)
class ForecastLine:
    """A station's year that is not final yet, and what it may bring."""

    station: Station
    period: Period
    total: Decimal
    vetoed: bool
    range: Range
    fiscal_year: int
    waits: bool

    @property
    def remark(self) -> str:
        parts = ["一票否决"] if self.vetoed else []
        return "；".join([*parts, *(["期满日在试行期之后，待延期文件"] if self.waits else [])])


@dataclass(frozen=True, slots=True)
class BudgetPage:
    """What the page and its export show of one year."""

    budget: Budget
    kinds: tuple[KindLine, ...]
    forecasts: tuple[ForecastLine, ...]
    returned: Decimal
    entries: tuple[BudgetEntry, ...]

    @property
    def is_short(self) -> bool:
        """Whether the plan may not hold."""
        planned = self.budget.planned
        return planned is not None and max(self.budget.bound, self.budget.expected.high) > planned

    @property
    def chart(self) -> dict[str, Any]:
        """As `<c-chart>` draws it, in 万元: plan, what was paid, what is bound, what may still come."""
        one = self.budget
        plan = [] if one.planned is None else [("预算数", one.planned)]
        bars = (
            *plan,  # left out until somebody has entered it: no plan is not a plan of 0
            ("已拨付", one.paid),
            ("已批未拨", one.committed),
            ("办理中", one.reviewing),
            ("预测（按目前数据）", one.forecast.low),
            ("预测（最多）", one.forecast.high),
        )
        data = [float(amount / 10_000) for _, amount in bars]
        return {"kind": "bar-lying", "labels": [label for label, _ in bars], "series": [{"name": "万元", "data": data}]}

    @property
    def table(self) -> list[tuple[str, str]]:
        """The lines with their amounts in words."""
        return [(label, amount if isinstance(amount, str) else yuan(amount)) for label, amount in self.lines()]

    def lines(self) -> Iterator[tuple[str, Decimal | str]]:
        """Item and amount in 元, in the order of the page."""
        one = self.budget
        yield "预算数", "未录入" if one.planned is None else one.planned
        yield "已拨付", one.paid
        yield "已批未拨", one.committed
        yield "结余（预算数减已拨付、已批未拨）", "" if one.left is None else one.left
        yield "办理中（尚未审批）", one.reviewing
        yield "预测（按目前数据）", one.forecast.low
        yield "预测（最多）", one.forecast.high
        yield "全年预计（按目前数据）", one.expected.low
        yield "全年预计（最多）", one.expected.high
        yield "其中待延期文件（按目前数据）", one.waiting.low
        yield "其中待延期文件（最多）", one.waiting.high
        yield "当年追回入账", self.returned

    def by_kind(self) -> Iterator[tuple[str, Decimal, Decimal, Decimal]]:
        for line in self.kinds:
            yield line.label, line.committed, line.paid, line.reviewing

    def forecast_rows(self) -> Iterator[tuple[str, str, dt.date, str, Decimal, Decimal, str]]:
        for line in self.forecasts:
            yield (
                line.station.name,
                f"第{line.period.number}年度",
                line.period.end,
                plain(line.total),
                line.range.low,
                line.range.high,
                line.remark,
            )


def budget_page(year: int, *, day: dt.date) -> BudgetPage:
    """The year as it stands on `day`; a fixed number of queries whatever the number of stations and grants."""
    entries = tuple(BudgetEntry.objects.filter(year=year).select_related("entered_by"))
    kinds, waiting_grants = _kinds(year, day)
    ahead = tuple(line for line in forecasts(day=day) if line.fiscal_year == year)
    forecast = summed(line.range for line in ahead)
    waiting = summed([waiting_grants, *(line.range for line in ahead if line.waits)])
    back = Recovery.objects.filter(returned_on__year=year).aggregate(sum=Sum("amount"))["sum"]
    budget = Budget(
        year=year,
        planned=entries[0].amount if entries else None,
        committed=sum((line.committed for line in kinds), ZERO),
        paid=sum((line.paid for line in kinds), ZERO),
        reviewing=sum((line.reviewing for line in kinds), ZERO),
        forecast=forecast,
        waiting=waiting,
    )
    return BudgetPage(budget, kinds, ahead, back or ZERO, entries)


def years_known(*, day: dt.date) -> list[int]:
    """Years with money or a plan, this one and the next always among them; the latest first."""
    found = {day.year, day.year + 1}
    found.update(BudgetEntry.objects.order_by().values_list("year", flat=True).distinct())
    found.update(Payment.objects.order_by().values_list("fiscal_year", flat=True).distinct())
    found.update(
        Grant.objects.filter(fiscal_year__isnull=False).order_by().values_list("fiscal_year", flat=True).distinct()
    )
    return sorted(found, reverse=True)


def _kinds(year: int, day: dt.date) -> tuple[tuple[KindLine, ...], Range]:
    """Sums by item, and what of the grants under review waits for an extension.

    A grant under review has no fiscal year yet: it is the present one's (G-33).
    """
    due = Greatest(Value(ZERO), F("payable") - F("paid") + F("returned"))
    committed = _sums(Grant.objects.filter(stage__in=_COMMITTED, fiscal_year=year), due)
    paid = dict(
        Payment.objects.filter(state=PaymentState.PAID, fiscal_year=year)
        .order_by()
        .values_list("grant__kind")
        .annotate(sum=Sum("amount"))
    )
    open_grants = Grant.objects.filter(stage__in=_REVIEWING) if year == day.year else Grant.objects.none()
    reviewing = _sums(open_grants, due)
    last = policy_on(day)
    waits = open_grants.filter(trigger_on__gt=last.policy.effective_to) if last.money_waits else open_grants.none()
    held = sum(_sums(waits, due).values(), ZERO)
    lines = tuple(
        KindLine(kind, committed.get(kind, ZERO), paid.get(kind, ZERO), reviewing.get(kind, ZERO)) for kind in GrantKind
    )
    return lines, Range(held, held)


def _sums(rows: object, amount: object) -> dict[str, Decimal]:
    return dict(rows.order_by().values_list("kind").annotate(sum=Sum(amount)))  # type: ignore[attr-defined]


def forecasts(*, day: dt.date) -> list[ForecastLine]:
    """Every year that runs, and every one that is over but has no final result, by station."""
    running: list[YearOf] = []
    stations = list(Station.objects.filter(state__in=PUBLIC_STATES).select_related("operator").order_by("name"))
    for station in stations:
        period = period_of(station, day)
        if period is not None and day in period:
            running.append(YearOf(station, period, day, policy_on(period.end).policy))
    open_years = Assessment.objects.open().filter(station__state__in=PUBLIC_STATES).select_related("station__operator")
    latest: dict[object, Assessment] = {}
    for year in open_years.order_by("station", "period_no"):
        latest[year.station_id] = year
    over = [
        YearOf(year.station, year.period, year.data_cutoff, policy_on(year.ends_on).policy) for year in latest.values()
    ]
    return [line for years in (over, running) for line in _lines(years, day)]


def _lines(years: list[YearOf], day: dt.date) -> Iterator[ForecastLine]:
    facts = gather_many(years, as_of=day, official=False)
    calendar = work_calendar()
    for year in years:
        found = _ahead(facts[year.station.pk], year.period, year.policy)
        yield ForecastLine(
            station=year.station,
            period=year.period,
            total=found.total,
            vetoed=found.vetoed,
            range=forecast_of(found, policy=year.policy),
            fiscal_year=fiscal_year_of(year.period.end, today=day, policy=year.policy, calendar=calendar),
            waits=found.waits,
        )


def _ahead(facts: SheetFacts, period: Period, policy: Policy) -> YearAhead:
    seen = outlook(facts, policy=policy, ends_on=period.end, limit=100)
    return YearAhead(
        total=seen.settled.total,
        gains=tuple(_gains(seen)),
        vetoed=seen.settled.veto,
        judged=Decimal(policy.indicator(GIVEN).weight),
        ends_on=period.end,
        waits=policy_on(period.end).money_waits,
    )


def _gains(seen: Outlook) -> Iterable[Decimal]:
    """The most each line may still bring; steps of one line stand instead of each other."""
    best: dict[str, Decimal] = {}
    for step in seen.steps:
        best[step.code] = max(best.get(step.code, ZERO), step.gain)
    return best.values()
