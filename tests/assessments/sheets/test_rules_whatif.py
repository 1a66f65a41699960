"""试算: a finished year under a draft version, from its snapshot alone; nothing decided changes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from assessments.sheets.enums import Outcome
from assessments.sheets.rules.facts import Cohort, LedgerFacts, RetentionFacts
from assessments.sheets.rules.snapshot import digest, snapshot
from assessments.sheets.rules.whatif import summed, tried
from jinhua_labor.policy.scoring import CasesFact, PeopleFact, RatioFact, SafetyFact
from jinhua_labor.policy.switches import RetentionCohort, VetoMode
from jinhua_labor.policy.types import Policy, Tier

from . import made
from .made import FULL, facts


def taken(policy: Policy, found: Any = FULL, **overrides: Decimal) -> dict[str, Any]:
    said = snapshot(
        found, made.lines(found, policy=policy, **overrides), policy=policy, certainty="CONFIRMED", about={}
    )
    kept: dict[str, Any] = json.loads(json.dumps(said))
    return kept


def with_weights(policy: Policy, **weights: int) -> Policy:
    lines = tuple(replace(one, weight=weights.get(one.code, one.weight)) for one in policy.indicators)
    return replace(policy, indicators=lines)


def test_同一版本试算什么也不变(policy: Policy):
    trial = tried(taken(policy), policy)
    assert (trial.moves, trial.lines, trial.remarks, trial.more) == (False, (), (), 0)


def test_改档次只改金额(policy: Policy, read_as: Callable[..., Policy]):
    draft = read_as(tiers=(Tier(60, Decimal(10_000)), Tier(90, Decimal(80_000))))
    trial = tried(taken(policy), draft)
    assert (trial.before.reward, trial.after.reward, trial.more) == (70_000, 80_000, 10_000)
    assert trial.after.total == trial.before.total
    assert trial.moves


def test_改合格线改变结果(policy: Policy, read_as: Callable[..., Policy]):
    low = taken(policy, facts(people=PeopleFact(0, 0), retention=RatioFact(0, 0)))
    draft = read_as(pass_score=101)
    trial = tried(low, draft)
    assert (trial.before.outcome, trial.after.outcome) == (Outcome.PASSED, Outcome.FAILED)
    assert trial.after.reward == 0


def test_改否决口径(policy: Policy, read_as: Callable[..., Policy]):
    said = taken(policy, facts(safety=SafetyFact(1, 0)))
    trial = tried(said, read_as(veto_mode=VetoMode.SEPARATELY))
    assert (trial.before.outcome, trial.after.outcome) == (Outcome.FAILED, Outcome.PASSED)


def test_改权重_逐项说明(policy: Policy):
    draft = with_weights(policy, C3=5, D1=15)
    bands = tuple(
        replace(one, bands=tuple(replace(band, score=min(band.score, 5)) for band in one.bands))
        if one.code == "C3"
        else one
        for one in draft.indicators
    )
    trial = tried(taken(policy), replace(draft, indicators=bands))
    moved = {one.code: (one.before, one.after) for one in trial.lines}
    assert moved["C3"] == (10, 5)


def test_人工改定的保留_不超过新的权重(policy: Policy):
    said = taken(policy, C3=Decimal(8))
    trial = tried(said, policy)
    assert trial.remarks == ("“劳务对接活动”为人工改定，保留8分",)
    narrow = tried(said, with_weights(policy, C3=6))
    assert next(one for one in narrow.lines if one.code == "C3").after == 6


def test_技术技能加分不出新的范围(policy: Policy, read_as: Callable[..., Policy]):
    said = taken(policy)
    draft = read_as(tech_score_min=1, tech_score_max=3)
    changed = {one.code: one.after for one in tried(said, draft).lines}
    assert changed["C4"] == 13  # 10 for the people, 3 at most for the skilled among them


def test_新增的指标没有数据_按零分并说明(policy: Policy):
    extra = replace(policy.indicators[-1], code="D2", name="信用评价")
    trial = tried(taken(policy), replace(policy, indicators=(*policy.indicators, extra)))
    assert trial.remarks == ("新增指标“信用评价”没有数据，按0分计",)
    assert trial.after.total == trial.before.total


def test_重新核算的人数另行代入(policy: Policy):
    said = taken(policy)
    fewer = replace(FULL, people=PeopleFact(99, 0), retention=RatioFact(0, 0))
    trial = tried(said, policy, facts=fewer)
    assert trial.after.total < trial.before.total


def test_留用率分母换一种读法_取快照里的人数(policy: Policy, read_as: Callable[..., Policy]):
    kept = RetentionFacts(cohorts=(Cohort("CHECK_IN_PERIOD", 45, 100), Cohort("ENTERED_MATURED", 81, 120)))
    trial = tried(taken(policy, facts(of_retention=kept)), read_as(retention_cohort=RetentionCohort.CHECK_IN_PERIOD))
    assert {one.code: (one.before, one.after) for one in trial.lines} == {"C5": (15, 5)}
    unknown = tried(taken(policy), read_as(retention_cohort=RetentionCohort.ALL_ENTERED))
    assert (unknown.moves, unknown.remarks) == (False, ("快照没有另一种留用率分母的人数，留用率按原来的人数",))


def test_只计五项的台账_缺的不在其中就不扣(policy: Policy, read_as: Callable[..., Policy]):
    said = taken(policy, facts(ledger=CasesFact(2, 320), of_ledger=LedgerFacts(missing=("L3", "L5"))))
    trial = tried(said, read_as(ledger_items_scored=("L1", "L2", "L4", "L5", "L7")))
    assert {one.code: (one.before, one.after) for one in trial.lines} == {"B3": (4, 7)}
    more = tried(said, read_as(ledger_items_scored=("L1", "L2", "L3", "L4", "L5", "L6", "L7", "L8")))
    assert more.remarks == ("快照没有新增台账目的核对结果，按不缺计",)


def test_试算不改动快照(policy: Policy, read_as: Callable[..., Policy]):
    said = taken(policy)
    before = digest(said)
    tried(said, read_as(veto_mode=VetoMode.TOGETHER))
    assert digest(said) == before


def test_合计(policy: Policy, read_as: Callable[..., Policy]):
    draft = read_as(tiers=(Tier(60, Decimal(10_000)),))
    low = facts(people=PeopleFact(0, 0), retention=RatioFact(0, 0))
    found = summed({1: tried(taken(policy), draft), 2: tried(taken(policy, low), draft)})
    assert (found.years, found.money_after) == (2, 20_000)
    assert found.more == found.money_after - found.money_before
    assert summed({}).years == 0


@pytest.mark.parametrize("veto", list(VetoMode))
def test_试算与正式评分同一套函数(veto: VetoMode, policy: Policy, read_as: Callable[..., Policy]):
    """What the draft would have given officially is what the trial says."""
    found = facts(safety=SafetyFact(1, 2))
    draft = read_as(veto_mode=veto)
    official = taken(draft, found)
    trial = tried(taken(policy, found), draft)
    assert (str(trial.after.total.normalize()), trial.after.outcome.value) == (official["total"], official["outcome"])
