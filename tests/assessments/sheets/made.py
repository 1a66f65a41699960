"""Facts of invented years for the rules: a full one, and the same with something else."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

from assessments.sheets.rules.facts import GIVEN, WHOLE, SheetFacts
from assessments.sheets.rules.score import PEOPLE, expected, proposed, skill
from assessments.sheets.rules.snapshot import Line
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

CUTOFF = dt.date(2022, 4, 1)
ENDS_ON = dt.date(2022, 3, 31)
FULL = SheetFacts(
    official=True,
    cutoff=CUTOFF,
    as_of=CUTOFF,
    system=PartsFact((True, True)),
    offices=PartsFact((True, True, True)),
    liaison=LiaisonFact(True, 0),
    safety=SafetyFact(0, 0),
    plan=PartsFact((True,)),
    contracts=CasesFact(0, 320),
    ledger=CasesFact(0, 320),
    workers=SurveyFact(30, 30, 30),
    employers=SurveyFact(4, 4, 4),
    activities=CountFact(2),
    people=PeopleFact(320, 50),
    retention=RatioFact(81, 120),
)
"""Every line at its most: 100 with 10 for D1."""

EMPTY = replace(
    FULL,
    contracts=CasesFact(0, 0),
    ledger=CasesFact(0, 0),
    workers=SurveyFact(0, 0),
    employers=SurveyFact(0, 0),
    people=PeopleFact(0, 0),
    retention=RatioFact(0, 0),
)
"""A year without one worker: 60 with 10 for D1 (G-24)."""


def facts(**changed: Any) -> SheetFacts:
    return replace(FULL, **changed)


def lines(found: SheetFacts, *, policy: Policy, innovation: int = 10, **overrides: Decimal) -> list[Line]:
    """The thirteen lines as facts and proposals give them, the suggested points for skilled workers, D1 as told;
    `overrides` by code, with a reason."""
    made = []
    for line in policy.indicators:
        parts = proposed(found, policy=policy).get(line.code, ())
        extra = skill(found, policy=policy) if line.code == PEOPLE else None
        skill_points = extra.suggested if extra else None
        reason = "核对佐证后评定" if line.code == GIVEN and innovation else ""
        if line.code == GIVEN:
            points = Decimal(innovation)
        else:
            by_rule = expected(line.code, found, policy=policy, parts=parts, skill_points=skill_points)
            assert by_rule is not None
            points = by_rule
        if line.code in overrides:
            points, reason = overrides[line.code], "与现场核对不一致"
        made.append(Line(line.code, points, parts if line.code in WHOLE else (), skill_points, reason, bool(reason)))
    return made


def given(found: SheetFacts, *, policy: Policy, innovation: int = 10) -> dict[str, Decimal]:
    return {line.code: line.given for line in lines(found, policy=policy, innovation=innovation)}
