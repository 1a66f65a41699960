"""留用 (第六条（四）7; R-27, R-67): when it is counted, what the facts say, the counts of a sheet. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from jinhua_labor.policy.periods import Period, in_retention_cohort, last_day, month_of, retention_check_on
from jinhua_labor.policy.switches import RetentionScope
from jinhua_labor.policy.types import Policy, Settings

from .enums import InsuranceStatus, RetentionResult
from .rules import InsuredMonth

if TYPE_CHECKING:  # the calendar comes as an argument; its module also knows the bureau's table
    from jinhua_labor.core.workdays import WorkCalendar

_PAID = frozenset({InsuranceStatus.PAID.value, InsuranceStatus.BACK_PAID.value})


def due_on(check_on: date, opened_on: date, *, settings: Settings, calendar: WorkCalendar) -> date:
    """Last day to answer: working days from the day of the check, or from the day it was opened where that is later."""
    return calendar.add_workdays(max(check_on, opened_on), settings.retention_due_workdays)


def remind_on(due: date, *, settings: Settings, calendar: WorkCalendar) -> date:
    """The day from which whoever still owes the answer is reminded: that many working days before the last one."""
    day, left = due, settings.retention_remind_workdays
    while left:
        left -= calendar.is_workday(day)
        day = date.fromordinal(day.toordinal() - 1)
    return day


@dataclass(frozen=True, slots=True)
class RetentionFacts:
    """What is known of a worker on the day of his check. `employer` is the credit code of 入职企业; `months` the
    insured months that hold, `si_checked_to` the last one asked for (None while never)."""

    check_on: date
    employer: str
    leave_on: date | None = None
    months: tuple[InsuredMonth, ...] = ()
    si_checked_to: int | None = None


class Finding(NamedTuple):
    """What the facts say. `result` is None where a person has to look; `month_ok` None while the month is not looked
    up; `employer` the credit code of who keeps him."""

    result: RetentionResult | None
    month_ok: bool | None
    employer: str = ""


def finding(facts: RetentionFacts, *, policy: Policy, as_of: date, local_employers: Container[str]) -> Finding:
    """留用 as far as the data know it on `as_of` (R-27): still with the employer after the day of the check
    (`leave_on` none or later), and that employer paid the month the day lies in.

    Under DISTRICT any 金东 employer will do, for the stay as for the payment. The month counts as not paid once it was
    asked for and is over.
    """
    month = month_of(facts.check_on)
    wide = policy.retention_scope is RetentionScope.DISTRICT
    kinds, places = policy.si_types_any, policy.si_places
    payers = [
        one.payer
        for one in facts.months
        if one.month == month and one.status in _PAID and one.kind in kinds and one.place in places
    ]
    here = facts.employer in payers
    payer = facts.employer if here else next((code for code in payers if wide and code in local_employers), "")
    month_ok: bool | None = bool(payer)
    if not payer:
        checked = facts.si_checked_to
        open_still = as_of <= last_day(month) or checked is None or checked < month
        month_ok = None if open_still else False
    gone = facts.leave_on is not None and facts.leave_on <= facts.check_on
    if gone and not (wide and payer):
        return Finding(RetentionResult.LEFT, month_ok)
    if month_ok:
        return Finding(RetentionResult.RETAINED, True, payer)
    if month_ok is False:
        return Finding(RetentionResult.LEFT, False)
    return Finding(None, None, facts.employer)


def refused_answer(answer: RetentionResult, facts: RetentionFacts, found: Finding, *, policy: Policy) -> str:
    """Why the station cannot give this answer, in words; empty where it may. Only 留用 against the facts is refused."""
    if answer is not RetentionResult.RETAINED:
        return ""
    if found.month_ok is False:
        month = month_of(facts.check_on)
        return (
            f"社保数据显示{month // 100}年{month % 100}月没有由企业缴费，不能统计为留用。"
            "数据有误的，请区就业服务中心核对参保后再统计。"
        )
    gone = facts.leave_on is not None and facts.leave_on <= facts.check_on
    if gone and policy.retention_scope is RetentionScope.SAME_EMPLOYER:
        return "名册登记的离职时间不晚于应统计日，不能统计为留用。离职时间有误的，请先更正名册。"
    return ""


def is_retained(result: str, month_ok: bool | None) -> bool:
    """Whether an answered check counts as 留用 in the ratio: kept, and the month paid for. 无法核实 never does."""
    return result == RetentionResult.RETAINED and month_ok is True


class CheckRow(NamedTuple):
    """A counted worker of a station with his check; `result` is empty and `due_on` None where there is none yet.
    `number` workers alike make one row; `inside`: they count in the year, None where 入职时间 says so."""

    entry_on: date
    result: str
    month_ok: bool | None
    due_on: date | None
    number: int = 1
    inside: bool | None = None


@dataclass(frozen=True, slots=True)
class RetentionCounts:
    """留用率 of a period as `retained` of `matured` (R of M). Open checks and 无法核实 are in M, not in R; `in_time` of
    the open ones are still within their due time; `uninsured` are answered 留用 while the month is not known to be
    paid."""

    matured: int = 0
    retained: int = 0
    left: int = 0
    unverified: int = 0
    uninsured: int = 0
    open: int = 0
    in_time: int = 0


def retention_counts(
    rows: Iterable[CheckRow], *, period: Period, cutoff: date, as_of: date, policy: Policy
) -> RetentionCounts:
    """The counts of a period over the counted workers of a station (R-67). The cohort is the policy's; rows are
    persons, because a person counts once in a period."""
    matured = retained = left = unverified = uninsured = still = in_time = 0
    inside: dict[tuple[date, bool | None], bool] = {}  # few different days, however many workers
    for row in rows:
        alike = row.entry_on, row.inside
        here = inside.get(alike)
        if here is None:
            here = inside[alike] = in_retention_cohort(
                row.entry_on, period, cutoff=cutoff, policy=policy, inside=row.inside
            )
        if not here:
            continue
        matured += row.number
        if is_retained(row.result, row.month_ok):
            retained += row.number
        elif row.result == RetentionResult.RETAINED:
            uninsured += row.number
        elif row.result == RetentionResult.LEFT:
            left += row.number
        elif row.result == RetentionResult.UNVERIFIED:
            unverified += row.number
        else:
            still += row.number
            in_time += row.number if row.due_on is None or as_of <= row.due_on else 0
    return RetentionCounts(matured, retained, left, unverified, uninsured, still, in_time)


def opens(entry_on: date, established_on: date, on: date, *, policy: Policy) -> date | None:
    """The day of the check where it is open on `on`: six months after entry, from the day the station exists."""
    check_on = retention_check_on(entry_on, policy=policy)
    return check_on if established_on <= check_on <= on else None
