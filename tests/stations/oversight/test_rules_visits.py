"""R-20, R-60: the vectors of the rules, as the policy reads."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from jinhua_labor.policy.load import versions
from jinhua_labor.policy.periods import Period
from jinhua_labor.policy.scoring import CountFact, line_score
from jinhua_labor.policy.switches import JointActivity
from stations.oversight.enums import ActivityRole, FindingState, VisitKind
from stations.oversight.rules.activities import EventFact, Organiser, event_key, events_organised
from stations.oversight.rules.visits import FindingFact, all_settled, inspector_problem, overdue, visits_short

POLICY = versions()[0]
SETTINGS = POLICY.settings
YEAR = Period(1, dt.date(2021, 1, 1), dt.date(2021, 12, 31))
DAY = dt.date(2021, 3, 28)


@pytest.mark.parametrize(
    ("kind", "inspectors", "message"),
    [
        pytest.param(VisitKind.SUPERVISION, 1, "监督检查须由2名以上", id="a_监督检查1人被拒"),
        pytest.param(VisitKind.SUPERVISION, 2, "", id="监督检查2人"),
        pytest.param(VisitKind.ROUTINE, 1, "", id="b_走访1人"),
        pytest.param(VisitKind.SPECIAL, 1, "", id="专项1人"),
        pytest.param(VisitKind.ROUTINE, 0, "请选择检查人员", id="没有人"),
    ],
)
def test_检查人数(kind: VisitKind, inspectors: int, message: str) -> None:
    found = inspector_problem(kind, inspectors, settings=SETTINGS)
    assert message in found
    assert bool(found) == bool(message)


@pytest.mark.parametrize(
    ("on", "state", "days"),
    [
        pytest.param("2021-04-30", FindingState.OPEN, None, id="期限当日不逾期"),
        pytest.param("2021-05-01", FindingState.OPEN, 1, id="c_次日提醒"),
        pytest.param("2021-05-31", FindingState.OPEN, 31, id="逾期一个月仍只是提醒"),
        pytest.param("2021-05-31", FindingState.ANSWERED, None, id="已提交待复查"),
        pytest.param("2021-05-31", FindingState.CLOSED, None, id="已整改"),
    ],
)
def test_逾期未整改(on: str, state: FindingState, days: int | None) -> None:
    found = overdue(FindingFact(dt.date(2021, 4, 30), state), on=dt.date.fromisoformat(on))
    assert (found.days if found else None) == days


def test_每年走访次数只作提醒() -> None:
    visits = [dt.date(2020, 12, 31), dt.date(2021, 6, 1)]
    assert visits_short(visits, year=2021, settings=SETTINGS) == 1
    assert visits_short([*visits, dt.date(2021, 12, 31)], year=2021, settings=SETTINGS) == 0
    assert visits_short([], year=2021, settings=SETTINGS) == 2


def test_全部整改完毕() -> None:
    assert all_settled([FindingState.CLOSED])
    assert not all_settled([FindingState.CLOSED, FindingState.ANSWERED])


# --- R-60 -------------------------------------------------------------------------------------------------------------


def event(
    name: str = "春季招聘会",
    *,
    by: str = "甲站",
    role: ActivityRole = ActivityRole.HOST,
    confirmed: bool = True,
    on: dt.date = DAY,
    first: str = "",
) -> EventFact:
    organisers = [Organiser(first, ActivityRole.HOST)] if first else []
    return EventFact(event_key(on, "示例县广场", name), on, by, confirmed, (*organisers, Organiser(by, role)))


@pytest.mark.parametrize(
    ("events", "count", "points"),
    [
        pytest.param([], 0, 0, id="没有组织"),
        pytest.param([event()], 1, 5, id="一场"),
        pytest.param([event(), event(" 春季 招聘会。")], 1, 5, id="同一活动登记两次只计一场"),
        pytest.param([event(by="乙站")], 0, 0, id="只是其他站点的活动"),
        pytest.param([event(), event("秋季招聘会")], 2, 10, id="两场"),
        pytest.param([event(str(n)) for n in range(7)], 7, 10, id="七场"),
        pytest.param([event(confirmed=False)], 0, 0, id="未经确认"),
        pytest.param([event(role=ActivityRole.ASSIST)], 0, 0, id="只是协办"),
        pytest.param([event(role=ActivityRole.UNDERTAKE)], 1, 5, id="承办"),
        pytest.param([event(role=ActivityRole.JOINT, first="乙站")], 1, 5, id="联合主办"),
        pytest.param([event(on=dt.date(2022, 1, 1))], 0, 0, id="下一年度"),
        pytest.param([event(), event(on=dt.date(2021, 3, 29))], 2, 10, id="同名不同日"),
    ],
)
def test_活动场数(events: list[EventFact], count: int, points: int) -> None:
    found = events_organised(events, "甲站", YEAR, policy=POLICY)
    assert found == count
    assert line_score("C3", CountFact(found), policy=POLICY).points == points


def test_联合活动只计第一主办的读法() -> None:
    first = replace(POLICY, joint_activity=JointActivity.FIRST)
    joint = event(role=ActivityRole.JOINT, first="乙站")
    assert events_organised([joint], "甲站", YEAR, policy=POLICY) == 1
    assert events_organised([joint], "甲站", YEAR, policy=first) == 0
    assert events_organised([event()], "甲站", YEAR, policy=first) == 1


@pytest.mark.parametrize(
    ("place", "name", "same"),
    [
        pytest.param("示例县 人民广场", "２０２１年春季招聘会", True, id="全角与空格"),
        pytest.param("示例县人民广场", "2021年“春季”招聘会！", True, id="标点"),
        pytest.param("示例县体育馆", "2021年春季招聘会", False, id="另一地点"),
        pytest.param("示例县人民广场", "2021年秋季招聘会", False, id="另一名称"),
    ],
)
def test_同一活动(place: str, name: str, same: bool) -> None:
    key = event_key(DAY, "示例县人民广场", "2021年春季招聘会")
    assert (event_key(DAY, place, name) == key) is same
