"""Rows around a station's year: contracts, certificates, what is frozen, corrected and decided (see rows.py)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from jinhua_labor.accounts.enums import Role
from stations.roster.enums import ContractKind, CorrectionKind, Kept, SkillKind, SkillLevel
from stations.roster.models import (
    ClaimDecision,
    Contract,
    Delivery,
    FrozenYear,
    RosterList,
    RowCorrection,
    SkillCertificate,
)
from tests import factories
from tests.meta.rows import DAY, LATER, _made, clerk, delivery, number, operator, organisation, person, station


def station_list(**fields: Any) -> RosterList:
    return _made(RosterList, {"operator": organisation, "station": station}, fields)


def contract(**fields: Any) -> Contract:
    return _made(
        Contract,
        {
            "delivery": delivery,
            "signed_on": DAY,
            "starts_on": DAY,
            "ends_on": LATER,
            "kind": ContractKind.FIXED,
            "paper_reference": "2023-01册第1页",
            "added_by": operator,
        },
        fields,
    )


def certificate(**fields: Any) -> SkillCertificate:
    return _made(
        SkillCertificate,
        {
            "delivery": delivery,
            "kind": SkillKind.SKILL,
            "level": SkillLevel.L4,
            "number": lambda: f"S{number():018d}",
            "added_by": operator,
        },
        fields,
    )


def frozen_year(**fields: Any) -> FrozenYear:
    return _made(
        FrozenYear,
        {
            "station": station,
            "period_no": 1,
            "starts_on": DAY,
            "ends_on": LATER - dt.timedelta(days=1),
            "as_of": LATER,
            "policy_version": "2021-14",
            "certainty": "CONFIRMED",
            "raw": 0,
            "counted": 0,
            "pending": 0,
            "excluded": 0,
            "skilled": 0,
            "rows": list,
            "sha256": "0" * 64,
            "frozen_by": lambda: factories.user(Role.CENTRE),
        },
        fields,
    )


def frozen_delivery() -> Delivery:
    """A delivery whose year is frozen, and no correction record."""
    row = delivery(station=station())
    frozen_year(station=row.station)
    return row


def correction(**fields: Any) -> RowCorrection:
    return _made(
        RowCorrection,
        {"delivery": delivery, "kind": CorrectionKind.CORRECT, "reason": "核对劳动合同后更正", "by": clerk},
        fields,
    )


def claim_decision(**fields: Any) -> ClaimDecision:
    return _made(
        ClaimDecision,
        {
            "person": person,
            "holder": delivery,
            "claimant": delivery,
            "kept": Kept.HOLDER,
            "reason": "劳动合同与介绍信",
            "by": clerk,
        },
        fields,
    )
