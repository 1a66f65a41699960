"""What a person may give for a line and what he has to say for it (R-29, R-50 … R-63), and what a refresh leaves."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from assessments.sheets.rules.facts import PARTS, WHOLE, SheetFacts
from assessments.sheets.rules.judging import Given, Standing, carried, decide, needs_person, system_points
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

POLICY = versions()[0]
FACTS = SheetFacts(
    official=True,
    cutoff=dt.date(2022, 4, 1),
    as_of=dt.date(2022, 4, 1),
    system=PartsFact((True, True)),
    offices=PartsFact((True, True, True)),
    liaison=LiaisonFact(True, 0),
    safety=SafetyFact(0, 0),
    plan=PartsFact((False,)),
    contracts=CasesFact(1, 264),
    ledger=CasesFact(0, 264),
    workers=SurveyFact(88, 96),
    employers=SurveyFact(14, 16),
    activities=CountFact(3),
    people=PeopleFact(264, 18),
    retention=RatioFact(81, 120),
)
FEW = replace(FACTS, people=PeopleFact(264, 9))
SAID = {"reason": "另有依据", "has_evidence": True}


def n(points: str | int | None) -> Decimal | None:
    return None if points is None else Decimal(points)


@pytest.mark.parametrize(
    ("code", "given", "facts", "points", "fields"),
    [
        pytest.param("C5", Given(), FACTS, 15, (), id="采用系统分"),
        pytest.param("C3", Given(n(10)), FACTS, 10, (), id="与系统分相同不须理由"),
        pytest.param("A3", Given(n(3)), FACTS, None, ("reason", "files"), id="R-29a 改分没有理由和佐证"),
        pytest.param("A3", Given(n(3), reason="有一例未及时上报"), FACTS, None, ("files",), id="改分没有佐证"),
        pytest.param("A3", Given(n(3), **SAID), FACTS, 3, (), id="R-29b 有理由有佐证"),
        pytest.param("A3", Given(n(6), **SAID), FACTS, None, ("points",), id="超过权重"),
        pytest.param("A3", Given(n("2.5"), **SAID), FACTS, None, ("points",), id="不是步长的整数倍"),
        pytest.param("A1", Given(parts=(True, True)), FACTS, 5, (), id="R-51 两项具备"),
        pytest.param("A1", Given(parts=(True, False)), FACTS, None, ("reason",), id="不具备须写理由"),
        pytest.param("A1", Given(parts=(True, False), reason="协议已到期"), FACTS, 0, (), id="R-51 缺一即不得分"),
        pytest.param("A1", Given(parts=(True,)), FACTS, None, ("parts",), id="分项没有判断完"),
        pytest.param("A2", Given(parts=(True, True, True)), FACTS, 5, (), id="R-52 三项具备"),
        pytest.param("B1", Given(parts=(True,)), FACTS, None, ("reason",), id="与档案显示的不同须写理由"),
        pytest.param("B1", Given(parts=(True,), reason="当面核实有计划"), FACTS, 5, (), id="R-55 写明理由"),
        pytest.param("D1", Given(n(0)), FACTS, 0, (), id="R-63 不给分不须佐证"),
        pytest.param("D1", Given(n(6), **SAID), FACTS, 6, (), id="R-63 有理由有佐证"),
        pytest.param("D1", Given(n(6), has_evidence=True), FACTS, None, ("reason",), id="R-63 没有理由"),
        pytest.param("D1", Given(n(6), reason="区级推广"), FACTS, None, ("files",), id="R-63 没有佐证"),
        pytest.param("D1", Given(n(11), **SAID), FACTS, None, ("points",), id="R-63 十一分"),
        pytest.param("D1", Given(), FACTS, None, ("points",), id="没有填分"),
        pytest.param("C4", Given(skill_points=2), FACTS, 10, (), id="R-61 参考分"),
        pytest.param("C4", Given(skill_points=4), FACTS, None, ("reason",), id="R-61 与参考分不同须写理由"),
        pytest.param("C4", Given(skill_points=4, reason="高技能较多"), FACTS, 12, (), id="R-61 写明理由"),
        pytest.param("C4", Given(skill_points=1), FACTS, None, ("skill_points",), id="R-61 一分"),
        pytest.param("C4", Given(skill_points=6), FACTS, None, ("skill_points",), id="R-61 六分"),
        pytest.param("C4", Given(), FACTS, None, ("skill_points",), id="R-61 没有选"),
        pytest.param("C4", Given(skill_points=2), FEW, None, ("skill_points",), id="R-61 不足十人不得加分"),
        pytest.param("C4", Given(), FEW, 8, (), id="R-61 不足十人只计人数"),
        pytest.param("C4", Given(n(10), skill_points=2), FACTS, None, ("reason", "files"), id="人数得分改动"),
        pytest.param("C4", Given(n(10), skill_points=2, **SAID), FACTS, 12, (), id="人数得分改动有依据"),
        pytest.param("C4", Given(n(11), skill_points=2, **SAID), FACTS, None, ("points",), id="人数得分超过最高档"),
    ],
)
def test_一项的评分(code: str, given: Given, facts: SheetFacts, points: int | None, fields: tuple[str, ...]) -> None:
    found = decide(code, given, facts, policy=POLICY)
    assert tuple(name for name, _ in found.problems) == fields
    if points is not None:
        assert found.points == points


def test_系统分与须由人评的各项() -> None:
    assert system_points("C4", FACTS, policy=POLICY) == 10
    assert system_points("C4", FEW, policy=POLICY) == 8
    assert [system_points(code, FACTS, policy=POLICY) for code in (*WHOLE, "D1")] == [None] * 4
    asked = {line.code for line in POLICY.indicators if needs_person(line.code, FACTS, policy=POLICY)}
    assert asked == {"A1", "A2", "B1", "C4", "D1"}
    assert not needs_person("C4", FEW, policy=POLICY)
    assert {code: len(parts) for code, parts in PARTS.items()} == {"A1": 2, "A2": 3, "B1": 1}


MORE = replace(FACTS, retention=RatioFact(60, 120), people=PeopleFact(301, 20))
OTHERS = replace(FACTS, people=PeopleFact(301, 18))


@pytest.mark.parametrize(
    ("code", "line", "now", "after"),
    [
        pytest.param("C5", Standing(n(15)), MORE, Standing(n(5)), id="系统分随事实"),
        pytest.param(
            "C5", Standing(n(5), reason="抽查不符", by_person=True), MORE,
            Standing(n(5), reason="抽查不符", by_person=True), id="改过的分不变",
        ),
        pytest.param("A1", Standing(n(0), reason="缺", by_person=True), MORE,
                     Standing(n(0), reason="缺", by_person=True), id="判断不变"),
        pytest.param("C4", Standing(n(10), 2, by_person=True), OTHERS,
                     Standing(n(12), 2, by_person=True), id="人数变动而技能分保留"),
        pytest.param("C4", Standing(n(10), 2, by_person=True), MORE, Standing(None), id="参考分变了须重新选"),
        pytest.param("C4", Standing(n(12), 4, "高技能较多", by_person=True), MORE,
                     Standing(n(14), 4, "高技能较多", by_person=True), id="写了理由的技能分保留"),
        pytest.param("C4", Standing(n(12), 2, "另核十人", by_person=True), OTHERS,
                     Standing(n(12), 2, "另核十人", by_person=True), id="改过的人数得分保留"),
        pytest.param("C4", Standing(n(10), 2, by_person=True), FEW, Standing(n(8)), id="不足十人不再加分"),
        pytest.param("C4", Standing(None), OTHERS, Standing(None), id="没有选过的仍然没有"),
    ],
)  # fmt: skip
def test_更新事实之后(code: str, line: Standing, now: SheetFacts, after: Any) -> None:
    assert carried(code, line, FACTS, now, policy=POLICY) == after
