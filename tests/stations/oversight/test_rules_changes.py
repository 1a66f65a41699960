"""R-22, R-23: the vectors of the rules, as the policy reads."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from jinhua_labor.core.workdays import WorkCalendar
from jinhua_labor.policy.load import versions
from jinhua_labor.policy.periods import Period
from jinhua_labor.policy.scoring import LiaisonFact, line_score
from stations.oversight.enums import ChangeKind, UnitCondition, UnitCredit, UnitVerdict
from stations.oversight.rules.changes import (
    ChangeFact,
    Move,
    UnitFacts,
    handover_due_on,
    on_time,
    opens_finding,
    unit_on,
    unit_problems,
    violations,
)
from stations.oversight.rules.liaison import Gap, Term, gaps, serving

POLICY = versions()[0]
CALENDAR = WorkCalendar.bundled()
YEAR = Period(1, dt.date(2021, 6, 1), dt.date(2022, 5, 31))
EFFECTIVE = dt.date(2022, 5, 10)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


# --- R-22 -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        pytest.param([("2022-01-01", "2022-05-09"), ("2022-05-10", None)], [], id="前任05-09止_后任05-10起"),
        pytest.param(
            [("2022-01-01", "2022-05-09"), ("2022-05-21", None)],
            [("2022-05-10", "2022-05-20", False)],
            id="05-10至05-20无专人",
        ),
        pytest.param([("2022-01-01", "2022-05-09")], [("2022-05-10", "2022-06-30", True)], id="至今无专人"),
        pytest.param([], [("2022-01-01", "2022-06-30", True)], id="从未设专人"),
        pytest.param([("2022-02-01", None)], [("2022-01-01", "2022-01-31", False)], id="设立后才到任"),
        pytest.param([("2022-01-01", "2022-06-30"), ("2022-07-15", None)], [], id="今天最后一天任职"),
        pytest.param([("2022-07-15", None)], [("2022-01-01", "2022-06-30", True)], id="后任尚未到任"),
        pytest.param([("2021-01-01", "2021-12-01"), ("2022-01-01", None)], [], id="设立之前的空缺不算"),
        pytest.param([("2022-05-10", None), ("2022-01-01", "2022-05-09")], [], id="顺序颠倒也一样"),
    ],
)
def test_无专人的空档(terms: list[tuple[str, str | None]], expected: list[tuple[str, str, bool]]) -> None:
    rows = [Term(day(since), day(until) if until else None) for since, until in terms]
    found = gaps(rows, since=day("2022-01-01"), on=day("2022-06-30"))
    assert found == tuple(Gap(day(start), day(end), still) for start, end, still in expected)


@pytest.mark.parametrize(
    ("end", "long"), [("2022-06-08", False), ("2022-06-09", True)], ids=["满30天不报", "超过30天提醒"]
)
def test_无专人超过三十天(end: str, long: bool) -> None:
    gap = Gap(day("2022-05-10"), day(end))
    assert gap.days == (31 if long else 30)
    assert gap.is_long(settings=POLICY.settings) is long


def test_某日由谁任职() -> None:
    rows = [Term(day("2022-01-01"), day("2022-05-09"), "甲"), Term(day("2022-05-10"), None, "乙")]
    assert [getattr(serving(rows, on=day(d)), "name", None) for d in ("2022-05-09", "2022-05-10", "2021-12-31")] == [
        "甲",
        "乙",
        None,
    ]


# --- R-23 -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("submitted", "grace", "expected"),
    [
        pytest.param("2022-05-09", 0, True, id="a_前一日报备为事先"),
        pytest.param("2022-05-10", 0, False, id="b_生效当日报备为迟报"),
        pytest.param(None, 0, False, id="c_从未报备"),
        pytest.param("2022-05-17", 5, True, id="d_宽限5个工作日_第5日"),
        pytest.param("2022-05-18", 5, False, id="d_宽限5个工作日_次日"),
        pytest.param(None, 5, False, id="有宽限但从未报备"),
        pytest.param("2022-01-04", 0, True, id="早早报备"),
    ],
)
def test_事先报备(submitted: str | None, grace: int, expected: bool) -> None:
    policy = replace(POLICY, liaison_grace_workdays=grace)
    found = on_time(day(submitted) if submitted else None, EFFECTIVE, policy=policy, calendar=CALENDAR)
    assert found is expected
    fact = ChangeFact(ChangeKind.LIAISON, EFFECTIVE, found)
    n = violations([fact], YEAR)
    assert line_score("A3", LiaisonFact(True, n), policy=policy).points == (5 if expected else 3)


@pytest.mark.parametrize(
    ("facts", "n"),
    [
        pytest.param([(ChangeKind.LIAISON, "2022-05-10", False)], 1, id="专人迟报"),
        pytest.param([(ChangeKind.HEAD, "2022-05-10", False)], 1, id="机构负责人迟报"),
        pytest.param([(ChangeKind.OPERATOR, "2022-05-10", False)], 0, id="承建单位迟报不扣分"),
        pytest.param([(ChangeKind.ADDRESS, "2022-05-10", False)], 0, id="地址迟报不扣分"),
        pytest.param([(ChangeKind.LIAISON, "2022-06-01", False)], 0, id="下一年度的不算"),
        pytest.param([(ChangeKind.LIAISON, "2022-05-31", False)], 1, id="年度最后一日"),
        pytest.param([(ChangeKind.LIAISON, "2021-06-01", False), (ChangeKind.HEAD, "2022-01-01", False)], 2, id="两例"),
        pytest.param([(ChangeKind.LIAISON, "2022-05-10", True)], 0, id="事先报备的不算"),
    ],
)
def test_未落实的例数(facts: list[tuple[ChangeKind, str, bool]], n: int) -> None:
    assert violations([ChangeFact(kind, day(d), timely) for kind, d, timely in facts], YEAR) == n


def test_承建单位迟报列为问题() -> None:
    assert opens_finding(ChangeKind.OPERATOR, reported_in_time=False)
    assert not opens_finding(ChangeKind.OPERATOR, reported_in_time=True)
    assert not opens_finding(ChangeKind.LIAISON, reported_in_time=False)


@pytest.mark.parametrize(
    ("kind", "effective", "due"),
    [
        pytest.param(ChangeKind.LIAISON, "2022-05-10", "2022-05-24", id="10个工作日"),
        pytest.param(ChangeKind.OPERATOR, "2021-09-28", "2021-10-18", id="国庆长假与补班"),
        pytest.param(ChangeKind.ADDRESS, "2022-05-10", None, id="地址变更没有交接"),
    ],
)
def test_工作交接期限(kind: ChangeKind, effective: str, due: str | None) -> None:
    found = handover_due_on(kind, day(effective), settings=POLICY.settings, calendar=CALENDAR)
    assert found == (day(due) if due else None)


MET = dict.fromkeys(UnitCondition, UnitVerdict.MET)
GOOD = UnitFacts(
    active=True,
    credit_code_valid=True,
    has_licence=True,
    licence_to=day("2022-06-30"),
    accepted=True,
    agreement_to=day("2023-12-31"),
    credit=UnitCredit.NONE,
    verdicts=MET,
)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({}, "", id="条件齐备"),
        pytest.param({"has_licence": False}, "没有登记《人力资源服务许可证》", id="e_没有许可证"),
        pytest.param({"licence_to": None}, "", id="许可证长期有效"),
        pytest.param({"licence_to": day("2022-05-10")}, "", id="许可证当日到期仍有效"),
        pytest.param({"licence_to": day("2022-05-09")}, "2022年5月9日到期", id="许可证昨日到期"),
        pytest.param({"licence_from": day("2022-05-11")}, "尚未生效", id="许可证未生效"),
        pytest.param({"barred_until": day("2022-05-10")}, "2022年5月10日（含）前", id="禁报期最后一日"),
        pytest.param({"barred_until": day("2022-05-09")}, "", id="禁报期已过"),
        pytest.param({"has_station_in_area": True}, "已有工作站", id="同一地区已有站"),
        pytest.param({"active": False}, "尚未通过注册确认", id="单位未确认"),
        pytest.param({"credit_code_valid": False}, "校验不符", id="信用代码不符"),
        pytest.param({"has_agreement": False}, "缺少接收单位与劳务输出地区", id="没有协议"),
        pytest.param({"agreement_to": day("2022-05-09")}, "协议已于2022年5月9日到期", id="协议已到期"),
        pytest.param({"agreement_from": day("2022-05-11")}, "协议尚未生效", id="协议未生效"),
        pytest.param({"agreement_to": None}, "", id="协议没有截止日"),
    ],
)
def test_接收单位的条件(change: dict[str, Any], message: str) -> None:
    for screening in (False, True):
        found = unit_problems(replace(GOOD, **change), on=EFFECTIVE, screening=screening)
        assert len(found) == (1 if message else 0)
        assert message in "".join(problem.message for problem in found)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"accepted": False}, "尚未在平台确认承接", id="接收单位未确认"),
        pytest.param({"credit": None}, "请登记", id="未查信用"),
        pytest.param({"credit": UnitCredit.FOUND}, "未经局写明理由", id="有不良记录"),
        pytest.param(
            {"verdicts": {**MET, UnitCondition.PLACES: UnitVerdict.UNMET}}, "实体化运作判断为不符合", id="判断不符合"
        ),
        pytest.param(
            {"verdicts": {UnitCondition.GENERAL: UnitVerdict.MET, UnitCondition.PLACES: UnitVerdict.MET}},
            "是否符合管理规范",
            id="有一项没有判断",
        ),
    ],
)
def test_初审时才问的条件(change: dict[str, Any], message: str) -> None:
    facts = replace(GOOD, **change)
    assert unit_problems(facts, on=EFFECTIVE) == ()
    assert message in unit_problems(facts, on=EFFECTIVE, screening=True)[0].message


def test_局认可后不良记录不拦() -> None:
    facts = replace(GOOD, credit=UnitCredit.FOUND, credit_waiver="已修复信用")
    assert unit_problems(facts, on=EFFECTIVE, screening=True) == ()


@pytest.mark.parametrize(
    ("on", "unit"),
    [("2022-05-09", "甲"), ("2022-05-10", "乙"), ("2023-03-01", "丙"), ("2023-02-28", "乙")],
    ids=["变更前一日", "变更当日", "再次变更当日", "再次变更前一日"],
)
def test_年度末日归哪个承建单位(on: str, unit: str) -> None:
    moves = [Move(day("2023-03-01"), "乙", "丙"), Move(EFFECTIVE, "甲", "乙")]
    assert unit_on("丙", moves, day(on)) == unit
    assert unit_on("甲", (), day(on)) == "甲"
