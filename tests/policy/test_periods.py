"""Months, years and the periods that are assessed: R-27, R-28, R-35, R-67."""

from datetime import date as d
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinhua_labor.policy.periods import (
    ONE_DAY,
    Period,
    add_months,
    add_to_month,
    assessment_periods,
    in_retention_cohort,
    last_day,
    month_of,
    periods_to_assess,
    retention_check_on,
)
from jinhua_labor.policy.switches import AssessmentMode, RetentionCohort


@pytest.mark.parametrize(
    ("entry", "check"),
    [
        pytest.param(d(2021, 8, 31), d(2022, 2, 28), id="无对应日取月末"),
        pytest.param(d(2023, 8, 29), d(2024, 2, 29), id="闰年二十九"),
        pytest.param(d(2023, 8, 31), d(2024, 2, 29), id="闰年三十一"),
        pytest.param(d(2021, 12, 31), d(2022, 6, 30), id="跨年"),
        pytest.param(d(2022, 7, 15), d(2023, 1, 15), id="对应日"),
    ],
)
def test_留用统计日(policy, entry, check):
    assert retention_check_on(entry, policy=policy) == check


@given(st.dates(d(1950, 1, 1), d(2100, 1, 1)), st.integers(-600, 600))
def test_加月落在对应月且不越过对应日(anchor, months):
    moved = add_months(anchor, months)
    assert month_of(moved) == add_to_month(month_of(anchor), months)
    assert moved.day == min(anchor.day, last_day(month_of(moved)).day)


def periods(policy, established):
    return assessment_periods(established, policy=policy)


@pytest.mark.parametrize(
    ("established", "number", "start", "end", "opens"),
    [
        pytest.param(d(2021, 4, 1), 1, d(2021, 4, 1), d(2022, 3, 31), d(2022, 4, 1), id="第一年"),
        pytest.param(d(2021, 4, 1), 2, d(2022, 4, 1), d(2023, 3, 31), d(2023, 4, 1), id="第二年"),
        pytest.param(d(2024, 2, 29), 1, d(2024, 2, 29), d(2025, 2, 27), d(2025, 2, 28), id="闰日设立第一年"),
        pytest.param(d(2024, 2, 29), 2, d(2025, 2, 28), d(2026, 2, 27), d(2026, 2, 28), id="闰日设立第二年"),
        pytest.param(d(2024, 2, 29), 4, d(2027, 2, 28), d(2028, 2, 28), d(2028, 2, 29), id="闰日设立第四年"),
        pytest.param(d(2024, 2, 29), 5, d(2028, 2, 29), d(2029, 2, 27), d(2029, 2, 28), id="闰日设立第五年"),
    ],
)
def test_评估年度(policy, established, number, start, end, opens):
    period = list(islice(periods(policy, established), number))[-1]
    assert (period.number, period.start, period.end, period.opens_on) == (number, start, end, opens)


@given(st.dates(d(2021, 1, 1), d(2060, 1, 1)))
def test_评估年度首尾相接(established):
    from jinhua_labor.policy.load import versions

    found = list(islice(periods(versions()[0], established), 12))
    assert all(later.start == earlier.end + ONE_DAY for earlier, later in pairwise(found))


@pytest.mark.parametrize(
    ("mode", "start", "end"),
    [
        pytest.param(AssessmentMode.CALENDAR, d(2022, 1, 1), d(2022, 12, 31), id="按自然年首个为2022"),
        pytest.param(AssessmentMode.SKIP_FIRST, d(2022, 4, 1), d(2023, 3, 31), id="跳过第一年"),
    ],
)
def test_评估年度的其他读法(read_as, mode, start, end):
    first = next(periods(read_as(assessment_mode=mode), d(2021, 4, 1)))
    assert (first.start, first.end) == (start, end)


@pytest.mark.parametrize(
    ("on", "closed", "numbers"),
    [
        pytest.param(d(2022, 3, 31), None, [], id="年度最后一天未到期"),
        pytest.param(d(2022, 4, 1), None, [1], id="次日开始评估"),
        pytest.param(d(2023, 4, 1), d(2022, 2, 1), [], id="年度中取消不评估"),
        pytest.param(d(2023, 4, 1), d(2022, 3, 31), [], id="年度最后一天取消不评估"),
        pytest.param(d(2023, 4, 1), d(2022, 4, 1), [1], id="次年取消评第一年"),
    ],
)
def test_应评估的年度(policy, on, closed, numbers):
    found = periods_to_assess(d(2021, 4, 1), policy=policy, on=on, closed_on=closed)
    assert [period.number for period in found] == numbers


YEAR_2022 = Period(1, d(2022, 1, 1), d(2022, 12, 31))


@pytest.mark.parametrize(
    ("cohort", "entry", "inside"),
    [
        pytest.param(RetentionCohort.ENTERED_MATURED, d(2022, 7, 15), True, id="截止日当天满6个月"),
        pytest.param(RetentionCohort.ENTERED_MATURED, d(2022, 7, 16), False, id="截止日后一天满6个月"),
        pytest.param(RetentionCohort.ENTERED_MATURED, d(2021, 11, 1), False, id="上年入职不在本年分母"),
        pytest.param(RetentionCohort.CHECK_IN_PERIOD, d(2021, 11, 1), True, id="按统计日在本年分母"),
        pytest.param(RetentionCohort.CHECK_IN_PERIOD, d(2022, 7, 15), False, id="按统计日在次年"),
        pytest.param(RetentionCohort.ALL_ENTERED, d(2022, 12, 31), True, id="全部入职人员"),
    ],
)
def test_留用率的分母(read_as, cohort, entry, inside):
    policy = read_as(retention_cohort=cohort)
    assert in_retention_cohort(entry, YEAR_2022, cutoff=d(2023, 1, 15), policy=policy) is inside
