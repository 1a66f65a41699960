"""Months and years counted as law counts them, and the years that are assessed."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from jinhua_labor.policy.switches import AssessmentMode, RetentionCohort
from jinhua_labor.policy.types import Policy

MONTHS_PER_YEAR = 12
ONE_DAY = timedelta(days=1)


def add_months(anchor: date, months: int) -> date:
    """The corresponding day `months` later (or earlier), else the last day of that month (《民法典》第202条).

    Always computed from the anchor: adding twice is not the same as adding the sum.
    """
    index = anchor.year * MONTHS_PER_YEAR + anchor.month - 1 + months
    year, month = divmod(index, MONTHS_PER_YEAR)
    if anchor.day <= 28:  # every month has it: the common case without a look at the calendar
        return date(year, month + 1, anchor.day)
    return date(year, month + 1, min(anchor.day, monthrange(year, month + 1)[1]))


def month_of(day: date) -> int:
    """yyyymm of `day`, as 费款所属期 is written."""
    return day.year * 100 + day.month


def add_to_month(month: int, months: int) -> int:
    """The yyyymm that lies `months` after the yyyymm `month`."""
    year, index = divmod(month // 100 * MONTHS_PER_YEAR + month % 100 - 1 + months, MONTHS_PER_YEAR)
    return year * 100 + index + 1


def last_day(month: int) -> date:
    """Last calendar day of the yyyymm `month`."""
    year, number = divmod(month, 100)
    return date(year, number, monthrange(year, number)[1])


@dataclass(frozen=True, slots=True)
class Period:
    """An assessment period, both ends included; `number` is 第几年度, `opens_on` the day its task opens."""

    number: int
    start: date
    end: date

    @property
    def opens_on(self) -> date:
        """The day after the last one of the period."""
        return self.end + ONE_DAY

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end


def assessment_periods(established_on: date, *, policy: Policy) -> Iterator[Period]:
    """The periods a station established on `established_on` is assessed for, without end (第七条).

    ANNIVERSARY: the k-th year from 设立. SKIP_FIRST: the same without the first. CALENDAR: calendar years that
    end a year or more after 设立, numbered from 1; what lies before is not assessed.
    """
    number = 1
    if policy.assessment_mode is AssessmentMode.CALENDAR:
        complete = add_months(established_on, MONTHS_PER_YEAR)
        year = complete.year
        while True:
            yield Period(number, date(year, 1, 1), date(year, MONTHS_PER_YEAR, 31))
            number, year = number + 1, year + 1
    if policy.assessment_mode is AssessmentMode.SKIP_FIRST:
        number += 1
    while True:
        start = add_months(established_on, MONTHS_PER_YEAR * (number - 1))
        end = add_months(established_on, MONTHS_PER_YEAR * number) - ONE_DAY
        yield Period(number, start, end)
        number += 1


def periods_to_assess(
    established_on: date, *, policy: Policy, on: date, closed_on: date | None = None
) -> tuple[Period, ...]:
    """Periods complete before `on`; a station closed inside a period is not assessed for it."""
    found = []
    for period in assessment_periods(established_on, policy=policy):
        if period.opens_on > on or (closed_on is not None and closed_on <= period.end):
            break
        found.append(period)
    return tuple(found)


def retention_check_on(entry_on: date, *, policy: Policy) -> date:
    """The day 留用 is counted, 入职6个月后 (第六条（四）7)."""
    return add_months(entry_on, policy.retention_months)


def in_retention_cohort(
    entry_on: date, period: Period, *, cutoff: date, policy: Policy, inside: bool | None = None
) -> bool:
    """Whether a counted worker belongs to the denominator of 留用率 of `period` (附件3 C5). `inside`: whether he counts
    in that period, where that is not read from 入职时间 (R-07)."""
    if inside is None:
        inside = entry_on in period
    check_on = retention_check_on(entry_on, policy=policy)
    if policy.retention_cohort is RetentionCohort.CHECK_IN_PERIOD:
        return check_on in period
    if policy.retention_cohort is RetentionCohort.ALL_ENTERED:
        return inside
    return inside and check_on <= cutoff
