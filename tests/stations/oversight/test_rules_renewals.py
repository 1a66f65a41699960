"""续期: who may ask when, what stands in the way, which term follows (R-19, G-31)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from jinhua_labor.policy.switches import RenewalMode
from stations.oversight.rules.renewals import (
    RenewalFacts,
    agreement_note,
    new_term_from,
    renewal_problems,
    window,
)
from stations.registry.enums import StationState
from tests.stations.registry.test_rules import POLICY

d = dt.date
ENDS = d(2023, 12, 31)
FACTS = RenewalFacts(state=StationState.ACTIVE, term_to=ENDS, asked_to=d(2025, 12, 31))


@pytest.mark.parametrize(
    ("fields", "on", "words"),
    [
        pytest.param({}, d(2023, 10, 31), "2023年11月1日起可以申请", id="届满前61日"),
        pytest.param({}, d(2023, 11, 1), "", id="届满前60日"),
        pytest.param({"state": StationState.EXPIRED}, d(2024, 1, 1), "", id="R-19c届满次日仍可续期"),
        pytest.param({"state": StationState.EXPIRED}, d(2024, 12, 31), "", id="届满后满12个月"),
        pytest.param({"state": StationState.EXPIRED}, d(2025, 1, 1), "2024年12月31日（含）前申请", id="超过12个月"),
        pytest.param(
            {"state": StationState.EXPIRED, "asked_on": d(2024, 12, 31)},
            d(2025, 1, 10),
            "",
            id="以首次提交之日为准_办理时间不算",
        ),
        pytest.param({"state": StationState.RECTIFYING}, d(2023, 12, 1), "", id="整改中可以续期"),
        pytest.param({"state": StationState.REVOKING}, d(2023, 12, 1), "取消程序中", id="取消程序中不能续期"),
        pytest.param({"state": StationState.REVOKED}, d(2023, 12, 1), "已取消", id="已取消不能续期"),
        pytest.param({"barred_until": d(2023, 12, 1)}, d(2023, 12, 1), "未满2年", id="禁报截止当日"),
        pytest.param({"barred_until": d(2023, 12, 1)}, d(2023, 12, 2), "", id="禁报截止次日"),
        pytest.param({"same_unit": False}, d(2023, 12, 1), "承建单位已变更", id="承建单位已变更"),
        pytest.param({"other_station_in_area": True}, d(2023, 12, 1), "已另有工作站", id="同一地区已另有工作站"),
        pytest.param({"asked_to": ENDS}, d(2023, 12, 1), "须晚于原经营期限", id="新期限没有更晚"),
        pytest.param({"asked_to": d(2024, 6, 1)}, d(2024, 6, 1), "也须晚于今天", id="新期限到今天为止"),
        pytest.param({"asked_to": d(2024, 6, 2)}, d(2024, 6, 1), "", id="新期限到明天"),
        pytest.param({"lapsed": ("许可证过期",)}, d(2023, 12, 1), "许可证过期", id="证照过期须先更新"),
        pytest.param({"agreement_refused": True}, d(2023, 12, 1), "核对不符合要求", id="协议核对不符合"),
    ],
)
def test_能否续期(fields: dict[str, Any], on: dt.date, words: str) -> None:
    found = renewal_problems(replace(FACTS, **fields), on=on, policy=POLICY)
    assert len(found) == bool(words)
    assert words in "".join(row.message for row in found)
    assert all(row.clause for row in found)


def test_G31按新设办理的读法不收简易续期() -> None:
    found = renewal_problems(FACTS, on=d(2023, 12, 1), policy=replace(POLICY, renewal_mode=RenewalMode.FULL))
    assert "按新设办理" in found[0].message


def test_可以申请的期间() -> None:
    assert window(ENDS, settings=POLICY.settings) == (d(2023, 11, 1), d(2024, 12, 31))


@pytest.mark.parametrize(
    ("issued_on", "begins"),
    [
        pytest.param(d(2023, 12, 1), d(2024, 1, 1), id="届满前批复接着原期限"),
        pytest.param(d(2023, 12, 31), d(2024, 1, 1), id="届满当日批复"),
        pytest.param(d(2024, 1, 1), d(2024, 1, 1), id="届满次日批复"),
        pytest.param(d(2024, 3, 5), d(2024, 3, 5), id="届满后批复不补中断的日子"),
    ],
)
def test_新期限从哪天起(issued_on: dt.date, begins: dt.date) -> None:
    assert new_term_from(ENDS, issued_on) == begins


def test_协议早于新期限只提示() -> None:
    assert "2024年12月31日" in agreement_note(replace(FACTS, agreement_to=d(2024, 12, 31)))
    assert agreement_note(replace(FACTS, agreement_to=d(2025, 12, 31))) == ""
    assert agreement_note(FACTS) == ""
