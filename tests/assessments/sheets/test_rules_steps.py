"""仅供参考: the year as the data stand and the cheapest steps up, found by trying (design §5, live meter)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings

from assessments.sheets.rules.facts import ContractFacts, FileFacts, LedgerFacts, RetentionFacts, SheetFacts
from assessments.sheets.rules.steps import Outlook, Step, outlook, points_as_they_stand
from jinhua_labor.policy.load import versions
from jinhua_labor.policy.scoring import (
    CasesFact,
    CountFact,
    LiaisonFact,
    PartsFact,
    PeopleFact,
    RatioFact,
    SafetyFact,
    SurveyFact,
)
from jinhua_labor.policy.types import Policy

from .made import ENDS_ON, FULL, facts
from .test_rules_score import years

RUNNING = dt.date(2021, 12, 31)


def look(policy: Policy, *, as_of: dt.date = RUNNING, **changed: object) -> Outlook:
    return outlook(facts(**{"as_of": as_of, **changed}), policy=policy, ends_on=ENDS_ON)


def step(found: Outlook, code: str) -> Step:
    return next(one for one in found.steps if one.code == code)


def test_工作创新按0分_其余照现有数据(policy: Policy):
    found = look(policy)
    assert (found.points["D1"], found.settled.total, found.settled.reward) == (0, 90, 70000)
    assert (found.next_tier, found.steps, found.together) == (None, (), None)


def test_再留用九人(policy: Policy):
    """72/120 = 60 % gives 10; one more gives 15."""
    found = look(
        policy,
        retention=RatioFact(64, 120),
        people=PeopleFact(320, 9),
        of_retention=RetentionFacts(open=20, in_time=20),
    )
    assert (found.settled.total, found.settled.reward) == (80, 60000)
    best = step(found, "C5")
    assert (best.text, best.gain, best.total, best.reward) == ("再留用 9 人", 5, 85, 60000)
    assert not best.reaches  # 60,000 → 60,000


def test_跨进下一档的排在前面(policy: Policy):
    found = look(
        policy,
        retention=RatioFact(64, 120),
        people=PeopleFact(201, 9),
        activities=CountFact(1),
        contracts=CasesFact(2, 201),
        of_contracts=ContractFacts(missing=2),
        of_retention=RetentionFacts(open=20),
    )
    assert found.settled.total == 71
    assert found.next_tier is not None
    assert found.next_tier.floor == 80
    # 没有一步能到80分：几步合起来，先取每份力气得分最多的
    assert found.together is not None
    assert found.together.total >= 80
    assert found.together.reward == 60000
    assert {one.code for one in found.together.steps} == {"C5", "C3"}


def test_一步就能跨档(policy: Policy):
    found = look(policy, activities=CountFact(0), people=PeopleFact(320, 9))
    assert found.settled.total == 75
    assert found.steps[0] == Step(
        "C3", "再办 1 场经确认的劳务对接活动", Decimal(5), 6, Decimal(80), Decimal(60000), True
    )
    assert found.together is None


@pytest.mark.parametrize(
    ("changed", "code", "text", "gain"),
    [
        pytest.param({"liaison": LiaisonFact(False, 0)}, "A3", "确定 1 名专人并报备", 5, id="没有专人"),
        pytest.param({"system": PartsFact((True, False))}, "A1", "补齐具体有效的劳务协作协议", 5, id="协议"),
        pytest.param(
            {"contracts": CasesFact(7, 320), "of_contracts": ContractFacts(missing=6, late=1)},
            "B2",
            "补登 3 人的劳动合同",
            1,
            id="七例要补三份才得一分",
        ),
        pytest.param(
            {"ledger": CasesFact(4, 320), "of_ledger": LedgerFacts(missing=("L1", "L2", "L3", "L4"))},
            "B3",
            "补齐台账 1 项：用工企业基本情况",
            1,
            id="缺四项补一项",
        ),
        pytest.param({"workers": SurveyFact(14, 30, 30)}, "C1", "再得 2 份务工人员的满意答卷", 3, id="满意度"),
        pytest.param({"people": PeopleFact(290, 50)}, "C4", "再输送 11 人（计入）", 2, id="输送"),
        pytest.param({"people": PeopleFact(320, 7)}, "C4", "再核实 3 名技术技能人才的证书", 2, id="技能"),
    ],
)
def test_各项的下一步(policy: Policy, changed: dict[str, object], code: str, text: str, gain: int):
    found = look(policy, **changed)
    assert (code, text, gain) in [(one.code, one.text, one.gain) for one in found.steps]


def test_逾期签订的合同补不回来(policy: Policy):
    found = look(policy, contracts=CasesFact(2, 320), of_contracts=ContractFacts(late=2))
    assert not [one for one in found.steps if one.code == "B2"]


def test_年度结束之后不能再输送和办活动(policy: Policy):
    changed = {"people": PeopleFact(290, 50), "activities": CountFact(0)}
    assert {one.code for one in look(policy, **changed).steps} == {"C3", "C4"}
    assert look(policy, as_of=dt.date(2022, 4, 1), **changed).steps == ()


def test_计划过了期限不再建议(policy: Policy):
    file = FileFacts(plan_due_on=dt.date(2021, 6, 30))
    late = look(policy, plan=PartsFact((False,)), of_file=file)
    assert not [one for one in late.steps if one.code == "B1"]
    early = look(policy, as_of=dt.date(2021, 6, 30), plan=PartsFact((False,)), of_file=file)
    assert step(early, "B1").gain == 5


def test_待满六个月的人一并计入分母(policy: Policy):
    """10 of 30 kept, 30 more mature by the end: 60 in M, so 24 are needed for 40 %, 14 more."""
    found = look(policy, retention=RatioFact(10, 30), of_retention=RetentionFacts(left=20, maturing=30))
    best = step(found, "C5")
    assert best.text == "再留用 14 人（年内还有 30 人满6个月）"
    assert best.gain == 5


def test_一票否决的一年没有下一步(policy: Policy):
    found = look(policy, safety=SafetyFact(1, 0), activities=CountFact(0))
    assert found.settled.veto
    assert (found.settled.reward, found.steps, found.next_tier) == (0, (), None)


POLICY = versions()[0]


@given(years())
@settings(max_examples=60, deadline=None)
def test_每一步都照算得出(found: SheetFacts):
    """No step promises what trying does not give; the total it names is the total there is plus its gain."""
    seen = outlook(replace(found, as_of=RUNNING), policy=POLICY, ends_on=ENDS_ON)
    assert dict(seen.points) == points_as_they_stand(found, policy=POLICY)
    for one in seen.steps:
        assert one.gain > 0
        assert one.total == seen.settled.total + one.gain
        assert one.total <= 100
        assert one.reward >= seen.settled.reward
        assert one.reaches == (one.reward > seen.settled.reward)
    if seen.together is not None:
        assert seen.next_tier is not None
        assert seen.together.total >= seen.next_tier.floor
        assert len({one.code for one in seen.together.steps}) == len(seen.together.steps)


def test_满分不再有下一步(policy: Policy):
    assert outlook(FULL, policy=policy, ends_on=ENDS_ON).steps == ()
