"""The arithmetic in words: each line at its boundaries, and what stands beside it (R-50 … R-67, G-08, G-21, G-24)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from assessments.sheets.rules.facts import (
    Cohort,
    ContractFacts,
    FileFacts,
    LedgerFacts,
    RetentionFacts,
    RosterFacts,
    SheetFacts,
)
from assessments.sheets.rules.words import judged, notes, percent, words
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
from jinhua_labor.policy.switches import VetoMode, ZeroDeliveryGuard
from jinhua_labor.policy.types import Policy

from .made import EMPTY, FULL, facts

TOLD = {"of_contracts": ContractFacts(2, 1), "of_ledger": LedgerFacts(missing=("L3", "L7"))}


@pytest.mark.parametrize(
    ("code", "changed", "expected"),
    [
        pytest.param("A3", {}, "有专人，变动均已事先报备：满分 5 分 → 5 分", id="专人"),
        pytest.param(
            "A3", {"liaison": LiaisonFact(True, 1)}, "有专人，负责人员变动未事先报备 1 例：5 − 1 × 2 → 3 分", id="一例"
        ),
        pytest.param(
            "A3",
            {"liaison": LiaisonFact(True, 3)},
            "有专人，负责人员变动未事先报备 3 例：5 − 3 × 2 < 0，扣完为止 → 0 分",
            id="三例扣完为止",
        ),
        pytest.param("A3", {"liaison": LiaisonFact(False, 0)}, "评估年度末日没有专人，不得分 → 0 分", id="没有专人"),
        pytest.param("A4", {}, "没有负有责任的安全责任事故，没有经核实的投诉：满分 5 分 → 5 分", id="无事故无投诉"),
        pytest.param(
            "A4",
            {"safety": SafetyFact(0, 2, 4)},
            "没有负有责任的安全责任事故，经核实的投诉 2 例（收到 4 例）：5 − 2 × 2 → 1 分",
            id="四次投诉两次核实",
        ),
        pytest.param(
            "A4",
            {"safety": SafetyFact(1, 0)},
            "负有责任的安全责任事故 1 起，没有经核实的投诉，不得分 → 0 分",
            id="一起事故",
        ),
        pytest.param("B2", {}, "计入 320 人，均已按时签订合同：满分 5 分 → 5 分", id="合同齐"),
        pytest.param(
            "B2",
            {"contracts": CasesFact(3, 320), **TOLD},
            "计入 320 人，未落实 3 例（没有合同 2 人、逾期签订 1 人）：5 − 3 × 1 → 2 分",
            id="三例未落实",
        ),
        pytest.param("B3", {}, "第1至7目没有缺项：满分 10 分 → 10 分", id="台账齐"),
        pytest.param(
            "B3",
            {"ledger": CasesFact(2, 320), **TOLD},
            "缺 2 项（安全生产制度、留用名册）：10 − 2 × 3 → 4 分",
            id="缺两项",
        ),
        pytest.param("C1", {"workers": SurveyFact(49, 100)}, "满意 49/100 = 49% < 50% → 0 分", id="49%"),
        pytest.param(
            "C1", {"workers": SurveyFact(50, 100)}, "满意 50/100 = 50%，恰为 50%，含本数，归本档 → 3 分", id="恰为50%"
        ),
        pytest.param("C1", {"workers": SurveyFact(149, 299)}, "满意 149/299 = 49.8% < 50% → 0 分", id="149/299"),
        pytest.param(
            "C1",
            {"workers": SurveyFact(150, 299)},
            "满意 150/299 = 50.2%，在 50%（含）至 75%（不含）之间 → 3 分",
            id="150/299",
        ),
        pytest.param(
            "C2", {"employers": SurveyFact(3, 4)}, "满意 3/4 = 75%，恰为 75%，含本数，归本档 → 5 分", id="恰为75%"
        ),
        pytest.param("C2", {"employers": SurveyFact(9, 10)}, "满意 9/10 = 90% ≥ 75% → 5 分", id="90%"),
        pytest.param("C2", {"employers": SurveyFact(0, 0)}, "没有有效答卷，不得分 → 0 分", id="没有答卷"),
        pytest.param("C3", {"activities": CountFact(0)}, "没有经确认的活动，不得分 → 0 分", id="没有活动"),
        pytest.param("C3", {"activities": CountFact(1)}, "组织活动 1 场 → 5 分", id="一场"),
        pytest.param("C3", {"activities": CountFact(7)}, "组织活动 7 场，2 场以上同分 → 10 分", id="七场"),
        pytest.param("C4", {"people": PeopleFact(0, 0)}, "计入 0 人 < 100 人 → 0 分", id="没有人"),
        pytest.param("C4", {"people": PeopleFact(99, 0)}, "计入 99 人 < 100 人 → 0 分", id="99人"),
        pytest.param(
            "C4", {"people": PeopleFact(100, 0)}, "计入 100 人，恰为 100 人，含本数，归本档 → 3 分", id="恰为100人"
        ),
        pytest.param(
            "C4", {"people": PeopleFact(101, 0)}, "计入 101 人，在 100 人（含）至 200 人（含）之间 → 3 分", id="101人"
        ),
        pytest.param(
            "C4", {"people": PeopleFact(200, 0)}, "计入 200 人，恰为 200 人，含本数，归本档 → 3 分", id="恰为200人"
        ),
        pytest.param(
            "C4", {"people": PeopleFact(201, 0)}, "计入 201 人，在 200 人（不含）至 300 人（含）之间 → 8 分", id="201人"
        ),
        pytest.param(
            "C4", {"people": PeopleFact(300, 0)}, "计入 300 人，恰为 300 人，含本数，归本档 → 8 分", id="恰为300人"
        ),
        pytest.param(
            "C4",
            {"people": PeopleFact(301, 12)},
            "计入 301 人 > 300 人 → 10 分；技术技能人才 12 人，另给 2～5 分，参考 2 分",
            id="301人另有技能",
        ),
        pytest.param("C5", {"retention": RatioFact(39, 100)}, "39/100 = 39% < 40% → 0 分", id="39%"),
        pytest.param(
            "C5", {"retention": RatioFact(40, 100)}, "40/100 = 40%，恰为 40%，含本数，归本档 → 5 分", id="恰为40%"
        ),
        pytest.param("C5", {"retention": RatioFact(1, 2)}, "1/2 = 50%，恰为 50%，含本数，归本档 → 5 分", id="留用50%"),
        pytest.param(
            "C5", {"retention": RatioFact(4, 7)}, "4/7 = 57.1%，在 50%（不含）至 60%（含）之间 → 10 分", id="4/7"
        ),
        pytest.param("C5", {"retention": RatioFact(3, 5)}, "3/5 = 60%，恰为 60%，含本数，归本档 → 10 分", id="恰为60%"),
        pytest.param("C5", {"retention": RatioFact(81, 120)}, "81/120 = 67.5% > 60% → 15 分", id="81/120"),
        pytest.param("C5", {"retention": RatioFact(0, 0)}, "没有满6个月的人员，不得分 → 0 分", id="没有人满6个月"),
    ],
)
def test_算式(policy: Policy, code: str, changed: dict[str, Any], expected: str):
    assert words(code, facts(**changed), policy=policy) == expected


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        pytest.param(599_999, 1_000_000, "59.9999%", id="不足60%不写成60.0%"),
        pytest.param(600_001, 1_000_000, "60.0001%", id="超过60%不写成60.0%"),
        pytest.param(3, 5, "60%", id="恰为60%"),
        pytest.param(2, 3, "66.7%", id="四舍五入到一位"),
        pytest.param(1999, 2000, "99.95%", id="不写成100.0%"),
        pytest.param(0, 7, "0%", id="零"),
    ],
)
def test_百分比不因取整而像另一档(part: int, whole: int, expected: str):
    assert percent(part, whole, (40, 50, 60, 100)) == expected


def test_实得分与系统分不同的写明(policy: Policy):
    assert words("A3", FULL, policy=policy, points=Decimal(3)).endswith("→ 5 分；实得 3 分")
    assert words("A3", FULL, policy=policy, points=Decimal(5)).endswith("→ 5 分")


def test_其他读法的算式(policy: Policy, read_as: Callable[..., Policy]):
    both = read_as(veto_mode=VetoMode.TOGETHER)
    assert words("A4", facts(safety=SafetyFact(1, 1)), policy=both).endswith("经核实的投诉 1 例：5 − 2 × 2 → 1 分")
    upper = read_as(satisfaction_upper_inclusive=True)
    assert words("C2", facts(employers=SurveyFact(3, 4)), policy=upper) == (
        "满意 3/4 = 75%，恰为 75%，按现行口径归下一档 → 3 分"
    )
    none = read_as(zero_delivery_guard=ZeroDeliveryGuard.NOT_APPLICABLE)
    for code in ("B2", "B3"):
        assert words(code, EMPTY, policy=none) == "没有计入的人员，本项不适用 → 0 分"
    assert words("B2", EMPTY, policy=policy) == "没有计入的人员，没有发现未落实的：满分照得 → 5 分"


def test_判断项写明档案里有什么(policy: Policy):
    found = facts(
        system=PartsFact((True, False)),
        of_file=FileFacts(rules="已核", agreement="已过期", inside="已核", outside="待核", furnished=True),
    )
    said = words("A1", found, policy=policy)
    assert "健全的劳务协作工作管理制度：已核；具体有效的劳务协作协议：已过期" in said
    assert said.endswith("有一项不具备即不得分，建议 0 分")
    shown = judged("A2", found, policy=policy)
    assert [(name, there, how) for name, there, how in shown.parts] == [
        ("区内实际工作地点", True, "已核"),
        ("外省劳务输出地区实际工作地点", True, "待核"),
        ("必要办公设施", True, "有"),
    ]
    assert "在区内和外省劳务输出地区均设有实际工作地点" in shown.criterion
    assert notes("A2", found, policy=policy) == ("有材料还没有经中心核对",)
    assert judged("D1", found, policy=policy).parts == ()


@pytest.mark.parametrize(
    ("filed", "said"),
    [
        pytest.param(dt.date(2021, 6, 30), "2021年6月30日提交，期限 2021年6月30日", id="按时"),
        pytest.param(None, "没有提交，期限 2021年6月30日", id="没有提交"),
    ],
)
def test_计划写明提交与期限(policy: Policy, filed: dt.date | None, said: str):
    file = FileFacts(plan="待核", plan_filed_on=filed, plan_due_on=dt.date(2021, 6, 30))
    assert said in words("B1", facts(of_file=file), policy=policy)


@pytest.mark.parametrize(
    ("code", "changed", "expected"),
    [
        pytest.param("C1", {"workers": SurveyFact(9, 10, 30)}, "样本不足：有效 10 份，应有 30 份", id="样本不足"),
        pytest.param("C1", {"workers": SurveyFact(30, 30, 30)}, None, id="样本足够"),
        pytest.param("C2", {"employers": SurveyFact(0, 0, 4)}, "样本不足：有效 0 份，应有 4 份", id="没有答卷"),
        pytest.param("C1", {"workers": SurveyFact(0, 0)}, "本年度还没有开展调查", id="没有调查"),
        pytest.param("C5", {"retention": RatioFact(0, 0), "of_retention": RetentionFacts(left=3)}, None, id="没有人满"),
        pytest.param("B3", {"of_ledger": LedgerFacts(partial=(("L3", 85),))}, "安全生产制度（85%）", id="部分"),
        pytest.param("B3", {"of_ledger": LedgerFacts(paper_pending=("L1",))}, "纸质待核：用工企业基本情况", id="纸质"),
        pytest.param("C4", {"of_roster": RosterFacts(350, 9, 21, 3)}, "其中待核 9 行、不计 21 行", id="名册"),
        pytest.param("C4", {"of_roster": RosterFacts(350, 0, 0, 3)}, "3 份证书还没有核验", id="证书"),
        pytest.param(
            "C5",
            {"of_retention": RetentionFacts(left=20, unverified=9, uninsured=4, open=6, in_time=2)},
            "分母之内不算留用的：未留用 20 人、无法核实 9 人、未参保 4 人、未统计 6 人",
            id="不算留用的",
        ),
        pytest.param(
            "C5",
            {"of_retention": RetentionFacts(open=6, in_time=2)},
            "2 人还在统计期限内，送复核时再读一次",
            id="期限内",
        ),
        pytest.param(
            "C5",
            {
                "of_retention": RetentionFacts(
                    cohorts=(
                        Cohort("ENTERED_MATURED", 81, 120),
                        Cohort("CHECK_IN_PERIOD", 90, 150),
                        Cohort("ALL_ENTERED", 0, 0),
                    )
                )
            },
            "其他口径（不计分）：统计日在本年度的 90/150 = 60%",
            id="其他口径",
        ),
        pytest.param("A3", {}, None, id="没有要说的"),
    ],
)
def test_旁注(policy: Policy, code: str, changed: dict[str, Any], expected: str | None):
    found = notes(code, facts(**changed), policy=policy)
    if expected is None:
        assert found == ()
    else:
        assert any(expected in one for one in found), found


def test_每一项都有算式(policy: Policy):
    for found in (FULL, EMPTY, SheetFacts.from_json(FULL.to_json())):
        for line in policy.indicators:
            assert words(line.code, found, policy=policy)
