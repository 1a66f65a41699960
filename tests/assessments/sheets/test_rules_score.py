"""From facts to points, proposals, veto and outcome (R-29, R-50 … R-67, G-05, G-24), and properties of the whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.sheets.enums import Outcome, Stage
from assessments.sheets.rules.facts import COMPUTED, GIVEN, PARTS, WHOLE, FileFacts, SheetFacts
from assessments.sheets.rules.score import (
    computed,
    expected,
    innovation,
    outcome,
    proposed,
    skill,
    veto,
    veto_readings,
    zero_delivery_at,
)
from assessments.sheets.rules.snapshot import rebuild, snapshot
from assessments.sheets.rules.steps import points_as_they_stand
from jinhua_labor.policy.load import versions
from jinhua_labor.policy.scoring import (
    CasesFact,
    CountFact,
    LiaisonFact,
    PartsFact,
    PeopleFact,
    RatioFact,
    SafetyFact,
    ScoreError,
    SurveyFact,
)
from jinhua_labor.policy.switches import VetoMode, ZeroDeliveryGuard
from jinhua_labor.policy.types import Policy

from . import made
from .made import EMPTY, FULL, facts

POLICY = versions()[0]


def test_十三项各有归属():
    assert sorted([*COMPUTED, *WHOLE, GIVEN]) == sorted(line.code for line in POLICY.indicators)


def test_九项由系统计算_满分的一年(policy: Policy):
    found = {code: int(score.points) for code, score in computed(FULL, policy=policy).items()}
    assert found == {"A3": 5, "A4": 5, "B2": 5, "B3": 10, "C1": 5, "C2": 5, "C3": 10, "C4": 10, "C5": 15}


def test_四项由人判断_系统只作建议(policy: Policy):
    found = proposed(facts(offices=PartsFact((True, False, True))), policy=policy)
    assert found == {"A1": (True, True), "A2": (True, False, True), "B1": (True,)}
    assert {code: len(names) for code, names in PARTS.items()} == {code: len(parts) for code, parts in found.items()}


@pytest.mark.parametrize(
    ("parts", "points"),
    [
        pytest.param((True, True, True), 5, id="三项齐全"),
        pytest.param((True, False, True), 0, id="只有区内工作地点"),
        pytest.param((True, True, False), 0, id="没有办公设施"),
    ],
)
def test_逐项判断_全有或全无(policy: Policy, parts: tuple[bool, ...], points: int):
    assert expected("A2", FULL, policy=policy, parts=parts) == points


def test_逐项判断须一项不漏(policy: Policy):
    with pytest.raises(ScoreError, match="逐项判断"):
        expected("A2", FULL, policy=policy, parts=(True, True))


@pytest.mark.parametrize(
    ("skilled", "points", "total"),
    [
        pytest.param(9, None, 10, id="9人不加分"),
        pytest.param(10, None, 10, id="10人还没有给分"),
        pytest.param(10, 2, 12, id="10人给2分"),
        pytest.param(10, 5, 15, id="10人给5分"),
    ],
)
def test_技术技能人才另给2至5分(policy: Policy, skilled: int, points: int | None, total: int):
    found = facts(people=PeopleFact(320, skilled))
    assert expected("C4", found, policy=policy, skill_points=points) == total


@pytest.mark.parametrize(
    ("skilled", "points", "message"),
    [
        pytest.param(9, 2, "不足10人", id="9人给2分"),
        pytest.param(10, 1, "2至5分", id="给1分"),
        pytest.param(10, 0, "2至5分", id="给0分"),
        pytest.param(10, 6, "2至5分", id="给6分"),
    ],
)
def test_加分超出范围不予接受(policy: Policy, skilled: int, points: int, message: str):
    with pytest.raises(ScoreError, match=message):
        expected("C4", facts(people=PeopleFact(320, skilled)), policy=policy, skill_points=points)


@pytest.mark.parametrize(
    ("skilled", "suggested"),
    [(9, None), (10, 2), (19, 2), (20, 3), (29, 3), (30, 4), (49, 4), (50, 5), (500, 5)],
    ids=["9人", "10人", "19人", "20人", "29人", "30人", "49人", "50人", "500人"],
)
def test_技术技能人才的参考分(policy: Policy, skilled: int, suggested: int | None):
    found = skill(facts(people=PeopleFact(600, skilled)), policy=policy)
    assert (found and found.suggested) == suggested
    if found:
        assert list(found.choices) == [2, 3, 4, 5]


def test_工作创新给分须有理由和佐证(policy: Policy):
    assert innovation(Decimal(0), reason="", has_evidence=False, policy=policy) == 0
    assert innovation(Decimal(6), reason="区级推介", has_evidence=True, policy=policy) == 6
    for points, reason, file in ((6, "", True), (6, "区级推介", False), (11, "区级推介", True)):
        with pytest.raises(ScoreError):
            innovation(Decimal(points), reason=reason, has_evidence=file, policy=policy)


# --- 一票否决 ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accidents", "complaints", "vetoed"),
    [
        pytest.param(0, 0, "", id="没有"),
        pytest.param(0, 2, "", id="两次投诉"),
        pytest.param(0, 3, "ABC", id="三次投诉"),
        pytest.param(1, 0, "A", id="一起事故"),
        pytest.param(1, 2, "AB", id="一起事故两次投诉"),
        pytest.param(2, 1, "AB", id="两起事故一次投诉"),
        pytest.param(3, 0, "ABC", id="三起事故"),
    ],
)
def test_三种读法并列(policy: Policy, accidents: int, complaints: int, vetoed: str):
    found = veto_readings(facts(safety=SafetyFact(accidents, complaints)), policy=policy)
    assert "".join(one.mode for one in found if one.vetoed) == vetoed
    assert [one.mode for one in found if one.in_force] == [VetoMode.ANY_ACCIDENT]
    for mode in VetoMode:
        reason = veto(facts(safety=SafetyFact(accidents, complaints)), policy=replace(policy, veto_mode=mode))
        assert bool(reason) == (mode.value in vetoed)


def test_否决的原因写明(policy: Policy, read_as: Callable[..., Policy]):
    assert veto(facts(safety=SafetyFact(1, 2)), policy=policy) == (
        "发生负有责任的安全责任事故1起、经核实的投诉2次，一票否决"
    )
    every = read_as(veto_complaints_verified_only=False)
    assert "收到的投诉4次" in veto(facts(safety=SafetyFact(0, 2, 4)), policy=every)
    assert veto(facts(safety=SafetyFact(0, 2, 4)), policy=policy) == ""  # 四次投诉两次核实


# --- 总分与结果 -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "innovation", "total", "result", "reward"),
    [
        pytest.param(FULL, 10, 100, Outcome.PASSED, 70000, id="各项满分"),
        pytest.param(facts(people=PeopleFact(99, 9)), 10, 85, Outcome.PASSED, 60000, id="输送不足100人"),
        pytest.param(
            facts(people=PeopleFact(99, 9), retention=RatioFact(0, 0)),
            10,
            70,
            Outcome.PASSED,
            50000,
            id="又无人满期",
        ),
        pytest.param(EMPTY, 10, 60, Outcome.PASSED, 40000, id="零输送满60分"),
        pytest.param(EMPTY, 9, 59, Outcome.FAILED, 0, id="零输送59分"),
        pytest.param(facts(safety=SafetyFact(1, 0)), 10, 95, Outcome.FAILED, 0, id="满分而有事故"),
        pytest.param(facts(safety=SafetyFact(0, 3)), 10, 95, Outcome.FAILED, 0, id="满分而三次投诉"),
    ],
)
def test_总分结果奖励(policy: Policy, found: SheetFacts, innovation: int, total: int, result: Outcome, reward: int):
    settled = outcome(made.given(found, policy=policy, innovation=innovation), found, policy=policy)
    assert (settled.total, settled.outcome, settled.reward) == (total, result, reward)


@pytest.mark.parametrize(
    ("guard", "total", "passed", "said"),
    [
        pytest.param(ZeroDeliveryGuard.WARN, 60, True, "按条文计分仍为合格", id="只提示"),
        pytest.param(ZeroDeliveryGuard.FAIL, 60, False, "评估为不合格", id="不合格"),
        pytest.param(ZeroDeliveryGuard.NOT_APPLICABLE, 45, False, "两项不适用", id="两项不适用"),
    ],
)
def test_零输送的三种读法(
    read_as: Callable[..., Policy], guard: ZeroDeliveryGuard, total: int, passed: bool, said: str
):
    policy = read_as(zero_delivery_guard=guard)
    settled = outcome(made.given(EMPTY, policy=policy), EMPTY, policy=policy)
    assert (settled.total, settled.passed) == (total, passed)
    assert said in settled.warning
    assert not outcome(made.given(FULL, policy=policy), FULL, policy=policy).warning


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        pytest.param(Stage.SCORING, "供区人社局研究", id="评分中"),
        pytest.param(Stage.FEEDBACK, "供区人社局研究", id="反馈中"),
        pytest.param(Stage.CONFIRMING, "请先研究再确认", id="待确认"),
        pytest.param(Stage.CONFIRMED, "结果已经确认", id="已确认"),
        pytest.param(Stage.FINAL, "结果已经确定", id="已确定"),
    ],
)
def test_零输送的提示随办理状态(read_as: Callable[..., Policy], policy: Policy, stage: Stage, said: str):
    settled = outcome(made.given(EMPTY, policy=policy), EMPTY, policy=policy)
    words = zero_delivery_at(settled, stage, policy=policy)
    assert said in words
    assert ("再确认" in words) is (stage == Stage.CONFIRMING)
    decided = read_as(zero_delivery_guard=ZeroDeliveryGuard.FAIL)
    failed = outcome(made.given(EMPTY, policy=decided), EMPTY, policy=decided)
    assert zero_delivery_at(failed, stage, policy=decided) == failed.warning
    assert zero_delivery_at(None, stage, policy=policy) == ""


def test_缺一项不能合计(policy: Policy):
    points = made.given(FULL, policy=policy)
    del points["D1"]
    with pytest.raises(ScoreError, match="D1"):
        outcome(points, FULL, policy=policy)


# --- Properties -------------------------------------------------------------------------------------------------------

small, many = st.integers(0, 12), st.integers(0, 700)


@st.composite
def years(draw: Any) -> SheetFacts:
    """Any year there could be."""

    def survey() -> SurveyFact:
        valid = draw(many)
        return SurveyFact(draw(st.integers(0, valid)), valid, draw(many))

    counted, matured = draw(many), draw(many)
    return SheetFacts(
        official=draw(st.booleans()),
        cutoff=dt.date(2022, 4, 1),
        as_of=dt.date(2022, 4, 1),
        system=PartsFact((draw(st.booleans()), draw(st.booleans()))),
        offices=PartsFact((draw(st.booleans()), draw(st.booleans()), draw(st.booleans()))),
        liaison=LiaisonFact(draw(st.booleans()), draw(small)),
        safety=SafetyFact(draw(small), (verified := draw(small)), verified + draw(small)),
        plan=PartsFact((draw(st.booleans()),)),
        contracts=CasesFact(draw(many), counted),
        ledger=CasesFact(draw(st.integers(0, 7)), counted),
        workers=survey(),
        employers=survey(),
        activities=CountFact(draw(small)),
        people=PeopleFact(counted, draw(st.integers(0, counted))),
        retention=RatioFact(draw(st.integers(0, matured)), matured),
        of_file=FileFacts(
            plan="已核", plan_filed_on=draw(st.none() | st.dates(dt.date(2021, 1, 1), dt.date(2022, 1, 1)))
        ),
    )


readings = st.builds(
    lambda mode, guard, upper, verified: replace(
        POLICY,
        veto_mode=mode,
        zero_delivery_guard=guard,
        satisfaction_upper_inclusive=upper,
        veto_complaints_verified_only=verified,
    ),
    st.sampled_from(list(VetoMode)),
    st.sampled_from(list(ZeroDeliveryGuard)),
    st.booleans(),
    st.booleans(),
)


@given(years(), readings)
@settings(max_examples=200, deadline=None)
def test_任何一年各项都在参考权重之内_总分为各项之和(found: SheetFacts, policy: Policy):
    points = points_as_they_stand(found, policy=policy)
    for line in policy.indicators:
        assert 0 <= points[line.code] <= line.weight
    assert outcome(points, found, policy=policy).total == sum(points.values())


@given(years(), readings)
@settings(max_examples=100, deadline=None)
def test_否决从不抬高结果(found: SheetFacts, policy: Policy):
    points = points_as_they_stand(found, policy=policy)
    settled = outcome(points, found, policy=policy)
    clean = replace(found, safety=SafetyFact(0, 0, 0))
    without = outcome(points, clean, policy=policy)  # 同样的得分，没有否决
    assert settled.total == without.total
    assert settled.reward <= without.reward
    assert without.passed or not settled.passed
    if settled.veto:
        assert (settled.passed, settled.reward) == (False, 0)


UP: dict[str, tuple[str, Callable[[SheetFacts], SheetFacts]]] = {
    "A3": (
        "少一例未报备",
        lambda f: replace(f, liaison=replace(f.liaison, violations=max(f.liaison.violations - 1, 0))),
    ),
    "A4": (
        "少一次投诉",
        lambda f: replace(f, safety=SafetyFact(f.safety.accidents, max(f.safety.verified - 1, 0), f.safety.received)),
    ),
    "B2": ("少一例未落实", lambda f: replace(f, contracts=replace(f.contracts, cases=max(f.contracts.cases - 1, 0)))),
    "B3": ("少缺一项", lambda f: replace(f, ledger=replace(f.ledger, cases=max(f.ledger.cases - 1, 0)))),
    "C1": (
        "多一份满意答卷",
        lambda f: replace(f, workers=replace(f.workers, satisfied=f.workers.satisfied + 1, valid=f.workers.valid + 1)),
    ),
    "C2": (
        "一份改为满意",
        lambda f: replace(
            f, employers=replace(f.employers, satisfied=min(f.employers.satisfied + 1, f.employers.valid))
        ),
    ),
    "C3": ("多一场活动", lambda f: replace(f, activities=CountFact(f.activities.count + 1))),
    "C4": ("多一人", lambda f: replace(f, people=replace(f.people, counted=f.people.counted + 1))),
    "C5": (
        "多留用一人",
        lambda f: replace(
            f, retention=replace(f.retention, retained=min(f.retention.retained + 1, f.retention.matured))
        ),
    ),
    "A1": ("补齐制度", lambda f: replace(f, system=PartsFact((True, True)))),
    "A2": ("补齐地点", lambda f: replace(f, offices=PartsFact((True, True, True)))),
    "B1": ("补齐计划", lambda f: replace(f, plan=PartsFact((True,)))),
}


@pytest.mark.parametrize("code", sorted(UP), ids=[f"{code}{UP[code][0]}" for code in sorted(UP)])
@given(found=years(), policy=readings)
@settings(max_examples=60, deadline=None)
def test_各项只随自己的事实单调(code: str, found: SheetFacts, policy: Policy):
    before = points_as_they_stand(found, policy=policy)
    after = points_as_they_stand(UP[code][1](found), policy=policy)
    assert after[code] >= before[code]
    assert {one for one in before if before[one] != after[one]} <= {code}


@given(found=years())
@settings(max_examples=60, deadline=None)
def test_技术技能人才越多分不减(found: SheetFacts):
    more = replace(found, people=replace(found.people, skilled=found.people.skilled + 1))
    assert points_as_they_stand(more, policy=POLICY)["C4"] >= points_as_they_stand(found, policy=POLICY)["C4"]


@given(years(), readings, st.integers(0, 10))
@settings(max_examples=100, deadline=None)
def test_快照重算与原评分相同(found: SheetFacts, policy: Policy, innovation: int):
    lines = made.lines(found, policy=policy, innovation=innovation)
    said = snapshot(found, lines, policy=policy, certainty="CONFIRMED", about={})
    again = rebuild(said)
    settled = outcome({line.code: line.given for line in lines}, found, policy=policy)
    assert (again.settled, again.differences, again.facts) == (settled, (), found)
    assert dict(again.computed) == {code: one.points for code, one in computed(found, policy=policy).items()}
