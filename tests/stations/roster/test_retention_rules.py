"""留用 as rules (R-27, R-67): pure, each vector a line."""

from __future__ import annotations

import dataclasses
from datetime import date as d

import pytest

from jinhua_labor.core.workdays import WorkCalendar
from jinhua_labor.policy.load import versions
from jinhua_labor.policy.periods import Period, retention_check_on
from jinhua_labor.policy.switches import RetentionCohort, RetentionScope
from stations.roster.enums import RetentionResult
from stations.roster.retention import (
    CheckRow,
    RetentionCounts,
    RetentionFacts,
    due_on,
    finding,
    is_retained,
    opens,
    refused_answer,
    remind_on,
    retention_counts,
)
from stations.roster.rules import InsuredMonth

POLICY = versions()[0]
DISTRICT = dataclasses.replace(POLICY, retention_scope=RetentionScope.DISTRICT)
A, B, ELSEWHERE = "91339999MA0000023X", "91339999MA00000153", "91339999MA0000031Q"
LOCAL = frozenset({A, B})
CHECK, AFTER = d(2021, 9, 10), d(2021, 12, 1)
RETAINED, LEFT, UNVERIFIED = RetentionResult.RETAINED, RetentionResult.LEFT, RetentionResult.UNVERIFIED


def month(number: int = 202109, payer: str = A, status: str = "实缴", **more: str) -> InsuredMonth:
    kind, place = more.get("kind", "企业职工基本养老保险"), more.get("place", "330703")
    return InsuredMonth(number, kind, place, payer, status)


def found(*months: InsuredMonth, leave: d | None = None, checked: int | None = 202109, policy=POLICY, as_of=AFTER):
    facts = RetentionFacts(CHECK, A, leave, months, checked)
    return finding(facts, policy=policy, as_of=as_of, local_employers=LOCAL)


@pytest.mark.parametrize(
    ("entry", "check"),
    [
        pytest.param(d(2021, 8, 31), d(2022, 2, 28), id="a_八月末到二月末"),
        pytest.param(d(2023, 8, 29), d(2024, 2, 29), id="b_闰年二十九日"),
        pytest.param(d(2023, 8, 31), d(2024, 2, 29), id="b_闰年三十一日"),
        pytest.param(d(2021, 12, 31), d(2022, 6, 30), id="c_年末到六月末"),
        pytest.param(d(2021, 3, 10), d(2021, 9, 10), id="平常日子"),
    ],
)
def test_应统计日(entry: d, check: d) -> None:
    assert retention_check_on(entry, policy=POLICY) == check


@pytest.mark.parametrize(
    ("leave", "months", "policy", "result"),
    [
        pytest.param(None, [month()], POLICY, RETAINED, id="在岗且企业缴费"),
        pytest.param(CHECK, [month()], POLICY, LEFT, id="d_当日离职不算留用"),
        pytest.param(d(2021, 9, 11), [month()], POLICY, RETAINED, id="d_次日离职算留用"),
        pytest.param(d(2021, 7, 1), [month(payer=B)], POLICY, LEFT, id="e_换到另一金东企业不算"),
        pytest.param(d(2021, 7, 1), [month(payer=B)], DISTRICT, RETAINED, id="e_按全区读法算"),
        pytest.param(None, [month(payer=B)], POLICY, LEFT, id="未登记离职但由另一企业缴费"),
        pytest.param(None, [month(payer=B)], DISTRICT, RETAINED, id="未登记离职按全区读法算"),
        pytest.param(d(2021, 7, 1), [month(payer=ELSEWHERE)], DISTRICT, LEFT, id="区外企业按全区读法也不算"),
        pytest.param(d(2021, 7, 1), [], DISTRICT, LEFT, id="离职后无人缴费"),
        pytest.param(None, [], POLICY, LEFT, id="查过没有缴费"),
        pytest.param(None, [month(202108), month(202110)], POLICY, LEFT, id="只看应统计日所在的月"),
        pytest.param(None, [month(status="欠缴")], POLICY, LEFT, id="欠缴不算缴费"),
        pytest.param(None, [month(status="补缴")], POLICY, RETAINED, id="补缴算缴费"),
        pytest.param(None, [month(kind="工伤保险")], POLICY, LEFT, id="只有工伤保险不算"),
        pytest.param(None, [month(place="330702")], POLICY, LEFT, id="参保地不在金东"),
    ],
)
def test_是否留用(leave, months, policy, result) -> None:
    assert found(*months, leave=leave, policy=policy).result is result


@pytest.mark.parametrize(
    ("checked", "as_of", "result", "month_ok"),
    [
        pytest.param(None, AFTER, None, None, id="从未查询"),
        pytest.param(202108, AFTER, None, None, id="只查到上月"),
        pytest.param(202109, d(2021, 9, 30), None, None, id="当月最后一天还不能说没缴"),
        pytest.param(202109, d(2021, 10, 1), LEFT, False, id="次月起视为没缴"),
    ],
)
def test_没有缴费记录时(checked, as_of, result, month_ok) -> None:
    assert found(checked=checked, as_of=as_of)[:2] == (result, month_ok)


def test_没查到社保但已登记离职() -> None:
    assert found(leave=d(2021, 5, 1), checked=None)[:2] == (LEFT, None)


@pytest.mark.parametrize(
    ("answer", "leave", "months", "checked", "refused"),
    [
        pytest.param(RETAINED, None, [month()], 202109, False, id="与社保一致"),
        pytest.param(RETAINED, None, [], None, False, id="社保未查先统计"),
        pytest.param(RETAINED, None, [], 202109, True, id="社保显示没缴"),
        pytest.param(RETAINED, CHECK, [month()], 202109, True, id="名册登记已离职"),
        pytest.param(LEFT, None, [month()], 202109, False, id="已缴费仍可答未留用"),
        pytest.param(UNVERIFIED, None, [], 202109, False, id="无法核实"),
    ],
)
def test_能不能这样答(answer, leave, months, checked, refused) -> None:
    facts = RetentionFacts(CHECK, A, leave, tuple(months), checked)
    known = finding(facts, policy=POLICY, as_of=AFTER, local_employers=LOCAL)
    assert bool(refused_answer(answer, facts, known, policy=POLICY)) is refused


@pytest.mark.parametrize(
    ("result", "month_ok", "counts"),
    [
        pytest.param(RETAINED, True, True, id="留用且缴费"),
        pytest.param(RETAINED, None, False, id="留用但参保未核"),
        pytest.param(RETAINED, False, False, id="留用但没有缴费"),
        pytest.param(UNVERIFIED, True, False, id="无法核实不计入"),
        pytest.param(LEFT, True, False, id="未留用"),
        pytest.param("", True, False, id="未统计"),
    ],
)
def test_计入留用的条件(result, month_ok, counts) -> None:
    assert is_retained(result, month_ok) is counts


CALENDAR = WorkCalendar.bundled()


@pytest.mark.parametrize(
    ("check", "opened", "due"),
    [
        pytest.param(d(2021, 9, 10), d(2021, 9, 10), d(2021, 10, 14), id="国庆和补班都按工作日"),
        pytest.param(d(2021, 9, 10), d(2021, 9, 8), d(2021, 10, 14), id="不早于应统计日"),
        pytest.param(d(2021, 9, 10), d(2022, 3, 1), d(2022, 3, 29), id="补开的从开始统计之日算"),
    ],
)
def test_办理截止日(check, opened, due) -> None:
    assert due_on(check, opened, settings=POLICY.settings, calendar=CALENDAR) == due


def test_截止前五个工作日提醒() -> None:
    assert remind_on(d(2022, 3, 29), settings=POLICY.settings, calendar=CALENDAR) == d(2022, 3, 22)


@pytest.mark.parametrize(
    ("entry", "on", "check"),
    [
        pytest.param(d(2021, 3, 10), d(2021, 9, 9), None, id="前一天不开"),
        pytest.param(d(2021, 3, 10), d(2021, 9, 10), d(2021, 9, 10), id="当天开"),
        pytest.param(d(2021, 3, 10), d(2022, 1, 1), d(2021, 9, 10), id="停机后补开"),
        pytest.param(d(2020, 9, 30), d(2022, 1, 1), None, id="设立前已满六个月"),
        pytest.param(d(2020, 10, 1), d(2022, 1, 1), d(2021, 4, 1), id="设立当日满六个月"),
    ],
)
def test_何时开始统计(entry, on, check) -> None:
    assert opens(entry, d(2021, 4, 1), on, policy=POLICY) == check


def test_留用率的计数() -> None:
    year = Period(1, d(2022, 1, 1), d(2022, 12, 31))
    due = d(2023, 2, 1)
    rows = [
        CheckRow(d(2022, 7, 15), RETAINED, True, due),
        CheckRow(d(2022, 7, 16), RETAINED, True, due),  # matures after the cutoff
        CheckRow(d(2021, 11, 1), RETAINED, True, due),  # entered in the year before
        CheckRow(d(2022, 3, 1), UNVERIFIED, None, due),
        CheckRow(d(2022, 3, 1), LEFT, False, due),
        CheckRow(d(2022, 3, 1), RETAINED, None, due),
        CheckRow(d(2022, 3, 1), "", None, due),
        CheckRow(d(2022, 3, 1), "", None, d(2023, 1, 1)),
        CheckRow(d(2022, 3, 1), "", None, None),
    ]

    def counts(policy=POLICY) -> RetentionCounts:
        return retention_counts(rows, period=year, cutoff=d(2023, 1, 15), as_of=d(2023, 1, 15), policy=policy)

    assert counts() == RetentionCounts(matured=7, retained=1, left=1, unverified=1, uninsured=1, open=3, in_time=2)
    by_check = counts(dataclasses.replace(POLICY, retention_cohort=RetentionCohort.CHECK_IN_PERIOD))
    assert (by_check.matured, by_check.retained) == (7, 1)
    every = counts(dataclasses.replace(POLICY, retention_cohort=RetentionCohort.ALL_ENTERED))
    assert (every.matured, every.retained) == (8, 2)
