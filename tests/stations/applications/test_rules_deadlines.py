"""Working days of an application: notice, supplement, deemed acceptance, the promised clock (R-16, R-17)."""

from datetime import date as d
from datetime import timedelta

import pytest

from jinhua_labor.core.workdays import WorkCalendar
from jinhua_labor.policy.load import versions
from stations.applications.rules import (
    Acceptance,
    Round,
    acceptance,
    clock,
    clock_starts_on,
    has_lapsed,
    notice_due_on,
    repeated_defects,
    supplement_due_on,
)

SETTINGS = versions()[0].settings
CALENDAR = WorkCalendar.bundled()
FRIDAY = d(2021, 9, 17)  # before 中秋: the working days that follow are 18 (补班), 22, 23, 24 and 26 (补班)


def known(rounds, on):
    return acceptance(rounds, on=on, settings=SETTINGS, calendar=CALENDAR)


def test_五个工作日遇中秋调休():
    assert notice_due_on(FRIDAY, settings=SETTINGS, calendar=CALENDAR) == d(2021, 9, 26)


@pytest.mark.parametrize(
    ("rounds", "on", "expected"),
    [
        pytest.param([Round(FRIDAY)], d(2021, 9, 26), None, id="第五日尚未受理"),
        pytest.param([Round(FRIDAY)], d(2021, 9, 27), Acceptance(FRIDAY, True), id="第五日后视为受理"),
        pytest.param([Round(FRIDAY, returned_on=d(2021, 9, 26))], d(2021, 9, 30), None, id="第五日退回不算受理"),
        pytest.param(
            [Round(FRIDAY, returned_on=d(2021, 9, 27))],
            d(2021, 9, 30),
            Acceptance(FRIDAY, True),
            id="逾期后退回仍视为受理",
        ),
        pytest.param(
            [Round(FRIDAY, screened_on=d(2021, 9, 22))], d(2021, 9, 22), Acceptance(FRIDAY, False), id="期限内初审"
        ),
        pytest.param(
            [Round(FRIDAY, returned_on=d(2021, 9, 22)), Round(d(2021, 9, 24), screened_on=d(2021, 9, 26))],
            d(2021, 9, 27),
            Acceptance(d(2021, 9, 24), False),
            id="补正后以再次提交日为准",
        ),
        pytest.param(
            [Round(FRIDAY, returned_on=d(2021, 9, 22)), Round(d(2021, 9, 24), screened_on=d(2021, 10, 30))],
            d(2021, 11, 1),
            Acceptance(d(2021, 9, 24), True),
            id="初审已在期限之后",
        ),
    ],
)
def test_受理日(rounds, on, expected):
    assert known(rounds, on) == expected


def test_第15个工作日补正有效次日视为撤回():
    due = supplement_due_on(d(2021, 9, 1), settings=SETTINGS, calendar=CALENDAR)
    assert due == d(2021, 9, 23)  # 2, 3, 6–10 and 13–17 are twelve; then 18 (补班), 22 and 23
    lapsed = [
        has_lapsed(d(2021, 9, 1), day, settings=SETTINGS, calendar=CALENDAR) for day in (due, due + timedelta(days=1))
    ]
    assert lapsed == [False, True]


@pytest.mark.parametrize(
    ("targets", "renewed", "notices", "reason", "blocked"),
    [
        pytest.param(["M1", "term_to"], [], 0, "", (), id="第一次不限"),
        pytest.param(["M1"], ["M1"], 1, "", (), id="新交材料的问题"),
        pytest.param(["M2", "M1"], ["M1"], 1, "", ("M2",), id="原有的问题不能再提"),
        pytest.param(["M2"], ["M1"], 1, "上次漏看附页", (), id="同事写明理由可提"),
        pytest.param(["M2"], ["M1"], 1, "  ", ("M2",), id="空白理由不算"),
    ],
)
def test_一次性告知(targets, renewed, notices, reason, blocked):
    assert repeated_defects(targets, renewed=renewed, earlier_notices=notices, override_reason=reason) == blocked


def test_节假日提交照收节后起算():
    assert clock_starts_on(d(2021, 10, 2), calendar=CALENDAR) == d(2021, 10, 8)


def test_提交当日不计():
    assert clock([(FRIDAY, None)], limit=5, on=FRIDAY, calendar=CALENDAR).used == 0


@pytest.mark.parametrize(
    ("spans", "on", "used", "left", "due", "overdue"),
    [
        pytest.param([(FRIDAY, None)], d(2021, 9, 22), 2, 3, d(2021, 9, 26), False, id="用去两日"),
        pytest.param([(FRIDAY, None)], d(2021, 9, 26), 5, 0, d(2021, 9, 26), False, id="最后一日未逾期"),
        pytest.param([(FRIDAY, None)], d(2021, 9, 27), 6, -1, d(2021, 9, 26), True, id="逾期一日"),
        pytest.param([(FRIDAY, d(2021, 9, 22))], d(2021, 10, 30), 2, 3, None, False, id="补正中停表"),
        pytest.param(
            [(FRIDAY, d(2021, 9, 22)), (d(2021, 10, 11), None)],
            d(2021, 10, 12),
            3,
            2,
            d(2021, 10, 14),
            False,
            id="补正后续算",
        ),
    ],
)
def test_承诺时限(spans, on, used, left, due, overdue):
    found = clock(spans, limit=5, on=on, calendar=CALENDAR)
    assert (found.used, found.left, found.due_on, found.overdue) == (used, left, due, overdue)
    assert found.paused is (due is None)
