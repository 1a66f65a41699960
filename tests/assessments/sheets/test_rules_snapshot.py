"""快照: the same digest for the same things, a rebuild from the snapshot alone, and every difference named (R-28)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

import pytest

from assessments.sheets.enums import Outcome
from assessments.sheets.rules.snapshot import Line, digest, lines_of, policy_of, rebuild, snapshot
from jinhua_labor.policy.scoring import PeopleFact, SafetyFact, ScoreError
from jinhua_labor.policy.switches import VetoMode, ZeroDeliveryGuard
from jinhua_labor.policy.types import Band, Policy, Tier

from . import made
from .made import EMPTY, FULL, facts

ABOUT = {"station": "JD-2021-001", "year": [1, "2021-04-01", "2022-03-31"], "round": 1}
APART = {"document", "materials", "transition", "readings", "settings"}


def taken(policy: Policy, found: Any = FULL, **overrides: Decimal) -> dict[str, Any]:
    said = snapshot(
        found, made.lines(found, policy=policy, **overrides), policy=policy, certainty="CONFIRMED", about=ABOUT
    )
    kept: dict[str, Any] = json.loads(json.dumps(said))  # as it comes back from its column
    assert kept == said
    return kept


def test_快照自成一体(policy: Policy):
    said = taken(policy)
    assert (said["total"], said["outcome"], said["reward"], said["veto"]) == ("100", "PASSED", "70000", "")
    assert said["policy"]["parameters"]["doc_no"] == "金东人社〔2021〕14号"
    assert said["policy"]["readings"]["veto_mode"].startswith("发生安全责任事故1起以上")
    assert said["about"] == ABOUT
    again = rebuild(said)
    assert (again.total, again.outcome, again.settled.reward) == (100, Outcome.PASSED, 70000)
    assert again.differences == ()
    assert lines_of(said) == tuple(sorted(made.lines(FULL, policy=policy), key=lambda line: line.code))


def test_版本整体保存(policy: Policy):
    kept = policy_of(taken(policy))
    for one in fields(Policy):
        if one.name not in APART and one.name != "id":
            assert getattr(kept, one.name) == getattr(policy, one.name), one.name
    assert kept.id == policy.id


def test_校验值只随内容变化(policy: Policy):
    said = taken(policy)
    shuffled = dict(reversed(list(said.items())))
    assert digest(shuffled) == digest(said) == digest(taken(policy))
    assert len(digest(said)) == 64
    assert digest({**said, "total": "99"}) != digest(said)
    assert digest(taken(policy, facts(people=PeopleFact(321, 50)))) != digest(said)


def test_版本后来改了_快照照旧(policy: Policy, read_as: Callable[..., Policy]):
    """The successor counts and pays otherwise; what was confirmed under this one stays."""
    said = taken(policy, facts(safety=SafetyFact(1, 0)))
    later = read_as(
        veto_mode=VetoMode.SEPARATELY, tiers=(Tier(60, Decimal(1)),), zero_delivery_guard=ZeroDeliveryGuard.FAIL
    )
    assert rebuild(said).outcome == Outcome.FAILED
    assert rebuild(taken(later, facts(safety=SafetyFact(1, 0)))).settled.reward == 1
    assert rebuild(said).policy.veto_mode is VetoMode.ANY_ACCIDENT


def test_后来增加的参数不妨碍重算(policy: Policy):
    said = taken(policy)
    del said["policy"]["parameters"]["excellent_amount"]
    said["policy"]["parameters"]["a_parameter_since_given_up"] = 3
    assert rebuild(said).differences == ()


def test_系统分之外的给分须有理由(policy: Policy):
    said = taken(policy, C5=Decimal(10))
    assert rebuild(said).differences == ()
    row = next(row for row in said["lines"] if row["code"] == "C5")
    assert (row["computed"], row["expected"], row["given"]) == ("15", "15", "10")
    row["reason"] = " "
    assert rebuild(said).differences == ("C5 留用率：实际得分与重算不同而没有理由",)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param(lambda said: said.update(total="99"), "总分：快照记“99”，重算为“100”", id="总分被改"),
        pytest.param(lambda said: said.update(outcome="FAILED"), "结果：快照记“FAILED”，重算为“PASSED”", id="结果被改"),
        pytest.param(lambda said: said.update(veto="事故"), "一票否决：快照记“事故”", id="否决被改"),
        pytest.param(lambda said: said.update(reward="1"), "奖励：快照记“1”", id="奖励被改"),
        pytest.param(
            lambda said: said["facts"]["retention"].update(retained=1),
            "C5 留用率：快照记系统分 15，重算为 0",
            id="事实被改",
        ),
        pytest.param(
            lambda said: said["policy"]["indicators"][-2]["bands"][-1].update(score=14),
            "C5 留用率：快照记系统分 15，重算为 14",
            id="分档被改",
        ),
        pytest.param(
            lambda said: next(row for row in said["lines"] if row["code"] == "A1").update(parts=[True, False]),
            "A1 建立管理制度：快照记应得 5 分，重算为 0 分",
            id="判断被改",
        ),
        pytest.param(
            lambda said: next(row for row in said["lines"] if row["code"] == "C4").update(skill_points=9),
            "C4 输送人数：技术技能人才加分应在2至5分之间",
            id="加分被改",
        ),
        pytest.param(
            lambda said: next(row for row in said["lines"] if row["code"] == "D1").update(has_evidence=False),
            "D1 工作创新：工作创新给分须写明理由并附佐证",
            id="佐证被改",
        ),
    ],
)
def test_改动任何一处都看得出(policy: Policy, change: Callable[[dict[str, Any]], None], message: str):
    said = taken(policy)
    before = digest(said)
    change(said)
    assert any(message in one for one in rebuild(said).differences), rebuild(said).differences
    assert digest(said) != before


def test_不齐的评估表不能成为快照(policy: Policy):
    with pytest.raises(ScoreError, match="不齐"):
        snapshot(FULL, made.lines(FULL, policy=policy)[:-1], policy=policy, certainty="CONFIRMED", about={})
    lines = [*made.lines(FULL, policy=policy)[:-1], Line("D1", Decimal(11), reason="推介", has_evidence=True)]
    with pytest.raises(ScoreError, match="0至10分"):
        snapshot(FULL, lines, policy=policy, certainty="CONFIRMED", about={})


def test_零输送的提示随快照保存(policy: Policy):
    assert "没有一名计入" in taken(policy, EMPTY)["warning"]


def test_各分档的开闭随快照保存(policy: Policy):
    line = replace(policy.indicator("C5"), bands=(Band(0, True, 60, True, 0), Band(60, False, 100, True, 15)))
    indicators = tuple(line if one.code == "C5" else one for one in policy.indicators)
    kept = policy_of(taken(replace(policy, indicators=indicators)))
    assert kept.indicator("C5").bands == line.bands
