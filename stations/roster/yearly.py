"""A station's year in pure functions: which year a row belongs to, its two clocks, contracts, skilled workers (R-66),
and what changed since the year was frozen (R-26)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from jinhua_labor.policy.periods import ONE_DAY, Period, add_months, add_to_month, assessment_periods, month_of
from jinhua_labor.policy.scoring import SkillFact, is_skilled
from jinhua_labor.policy.switches import TitleLevel
from jinhua_labor.policy.types import Policy

from .enums import CertificateResult, ContractKind, ContractTiming, SkillKind
from .rules import InsuredMonth, contract_timing

EARLIEST = date(1900, 1, 1)
HIGHER_EDUCATION = ("大专", "专科", "高职", "本科", "大学", "研究生", "硕士", "博士")
_PAID = ("实缴", "补缴")

# --- Which year -------------------------------------------------------------------------------------------------------


def years_begun(established_on: date, *, policy: Policy, on: date) -> tuple[Period, ...]:
    """The years of a station that have begun by `on`, the latest first; last, as number 0, what lies before the first
    one that is assessed (the cumulative roster of the application)."""
    begun: list[Period] = []
    for period in assessment_periods(established_on, policy=policy):
        if not begun:
            begun.append(Period(0, EARLIEST, period.start - ONE_DAY))
        if period.start > on:
            break
        begun.append(period)
    return tuple(reversed(begun))


def year_of(day: date, periods: Iterable[Period]) -> Period | None:
    """The one of these years that `day` lies in."""
    return next((period for period in periods if day in period), None)


# --- The week ---------------------------------------------------------------------------------------------------------


def week_of(day: date) -> tuple[date, date]:
    """Monday and Sunday of the week of `day`."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def entries_checked(first: date, last: date, *, policy: Policy) -> tuple[date, date] | None:
    """The days of entry whose 留用 is to be counted between `first` and `last`, as (earliest, latest); None where no
    day of entry leads there. 8月28日 to 8月31日 all lead to 2月28日, so the days are looked at, not counted back."""
    near = add_months(first, -policy.retention_months)
    days = [
        day
        for day in (near + timedelta(days=step) for step in range(-4, (last - first).days + 8))
        if first <= add_months(day, policy.retention_months) <= last
    ]
    return (days[0], days[-1]) if days else None


# --- Two clocks -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Clocks:
    """已连续参保几个月（共需几个月）, and when 留用 is counted: `days` are left, negative when it is past."""

    insured: int
    needed: int
    check_on: date
    days: int


def clocks(entry_on: date, months: Iterable[InsuredMonth], *, qualified: bool, policy: Policy, on: date) -> Clocks:
    """Both clocks of a worker on `on`. Who is qualified has all the months, whatever came later."""
    needed = policy.min_si_months
    run = needed if qualified else min(needed, insured_run(entry_on, months, policy=policy))
    check_on = add_months(entry_on, policy.retention_months)
    return Clocks(run, needed, check_on, (check_on - on).days)


def insured_run(entry_on: date, months: Iterable[InsuredMonth], *, policy: Policy) -> int:
    """The longest run of adjacent months since entry that were paid in 金东 (R-03), whoever paid them."""
    first = month_of(entry_on) if policy.si_after_entry_only else 0
    paid = sorted(
        {
            month.month
            for month in months
            if month.month >= first
            and month.kind in policy.si_types_any
            and month.place in policy.si_places
            and month.status in _PAID
        }
    )
    best = run = previous = 0
    for month in paid:
        run = run + 1 if previous and month == add_to_month(previous, 1) else 1
        best, previous = max(best, run), month
    return best


# --- Contracts (R-08) -------------------------------------------------------------------------------------------------


def contract_of(entry_on: date, signed: Iterable[date], *, policy: Policy) -> ContractTiming:
    """How the worker's contracts stand: by the earliest one, missing without any."""
    return contract_timing(entry_on, min(signed, default=None), policy=policy)


def contract_problems(
    *, kind: str, signed_on: date, starts_on: date, ends_on: date | None, today: date
) -> list[tuple[str, str]]:
    """What keeps a contract from being entered, as (field, message)."""
    problems = []
    if signed_on > today:
        problems.append(("signed_on", "签订日期不能晚于今天。"))
    if ends_on is not None and ends_on < starts_on:
        problems.append(("ends_on", "终止日期不能早于起始日期。"))
    if kind == ContractKind.FIXED and ends_on is None:
        problems.append(("ends_on", "固定期限合同请填写终止日期。"))
    if kind == ContractKind.OPEN and ends_on is not None:
        problems.append(("ends_on", "无固定期限合同没有终止日期，请留空。"))
    return problems


# --- 技术技能人才 (R-66) ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Certificate:
    """What decides about one certificate: kind, level, and what the centre found."""

    kind: str
    level: str
    result: str


def skilled(certificates: Iterable[Certificate], education: str = "", *, policy: Policy) -> bool | None:
    """Whether the worker is 技术技能人才: True, False, or None while a certificate that would do is not yet looked up.

    A certificate that was not found counts for nothing.
    """
    higher = any(word in education for word in HIGHER_EDUCATION)
    facts = [SkillFact(higher_education=higher)]
    for one in certificates:
        if one.result == CertificateResult.UNFOUND:
            continue
        title = one.kind == SkillKind.TITLE
        facts.append(
            SkillFact(
                level=None if title else int(one.level),
                title=TitleLevel(one.level) if title else None,
                higher_education=higher,
                verified=one.result == CertificateResult.VERIFIED,
            )
        )
    answers = [is_skilled(fact, policy=policy) for fact in facts]
    return True if True in answers else None if None in answers else False


# --- 快照后变更 (R-26) ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class YearRow:
    """A row as a frozen year keeps it; `fingerprint` is a digest of its contents."""

    delivery: str
    person: str
    status: str
    codes: tuple[str, ...]
    qualified_on: str | None
    skilled: bool
    fingerprint: str

    @classmethod
    def read(cls, kept: list) -> "YearRow":  # type: ignore[type-arg]  # as JSON gives it
        delivery, person, status, codes, qualified_on, is_skilled_, fingerprint = kept
        return cls(delivery, person, status, tuple(codes), qualified_on, bool(is_skilled_), fingerprint)

    def kept(self) -> list[object]:
        """As it goes into JSON."""
        return [
            self.delivery, self.person, self.status, list(self.codes), self.qualified_on, self.skilled,
            self.fingerprint,
        ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Since:
    """What became of a row after its year was frozen: 补录, 移出, 更正 (contents) or 重新核算 (status or codes)."""

    delivery: str
    what: str
    before: YearRow | None
    now: YearRow | None


ADDED, GONE, EDITED, RECOUNTED = "补录", "移出本年度", "更正", "重新核算"


def changed_since(before: Iterable[YearRow], now: Iterable[YearRow]) -> Iterator[Since]:
    """The rows that differ from the frozen ones, in the frozen order, what came new last."""
    there: Mapping[str, YearRow] = {row.delivery: row for row in now}
    known = set()
    for row in before:
        known.add(row.delivery)
        found = there.get(row.delivery)
        if found is None:
            yield Since(row.delivery, GONE, row, None)
        elif found.fingerprint != row.fingerprint or found.person != row.person:
            yield Since(row.delivery, EDITED, row, found)
        elif (found.status, found.codes) != (row.status, row.codes):
            yield Since(row.delivery, RECOUNTED, row, found)
    for row in there.values():
        if row.delivery not in known:
            yield Since(row.delivery, ADDED, None, row)
