"""Which version holds, and how sure that is (R-48)."""

from dataclasses import replace
from datetime import date as d

import pytest

from jinhua_labor.policy.switches import PolicyExpiry, RunoffStraddle
from jinhua_labor.rulebook import Certainty, NoPolicy, PolicyOn, policy_on


@pytest.mark.parametrize(
    ("on", "certainty"),
    [
        pytest.param(d(2021, 1, 1), Certainty.CONFIRMED, id="施行首日"),
        pytest.param(d(2021, 2, 15), Certainty.CONFIRMED, id="成文前追溯"),
        pytest.param(d(2023, 12, 31), Certainty.CONFIRMED, id="试行期最后一天"),
        pytest.param(d(2024, 1, 1), Certainty.UNCONFIRMED, id="试行期满次日"),
        pytest.param(d(2023, 3, 31), Certainty.CONFIRMED, id="第一年度末日在期内"),
        pytest.param(d(2024, 3, 31), Certainty.UNCONFIRMED, id="第二年度末日在期后"),
    ],
)
def test_适用版本(on, certainty):
    found = policy_on(on)
    assert (found.policy.id, found.certainty, found.on) == ("JD-2021-14", certainty, on)
    assert found.money_waits is (certainty is Certainty.UNCONFIRMED)
    assert not found.refuses_intake
    assert ("延期待确认" in found.notice) is (certainty is Certainty.UNCONFIRMED)


def test_施行前没有版本():
    with pytest.raises(NoPolicy, match="2021年1月1日"):
        policy_on(d(2020, 12, 31))


def reading(on, certainty, **switches):
    return PolicyOn(replace(policy_on(on).policy, **switches), certainty, on)


@pytest.mark.parametrize(
    ("certainty", "refused"),
    [(Certainty.CONFIRMED, False), (Certainty.UNCONFIRMED, True)],
    ids=["期内照办", "期后停办"],
)
def test_停办读法只在期后拒绝受理(certainty, refused):
    found = reading(d(2024, 1, 1), certainty, policy_expiry=PolicyExpiry.BLOCK)
    assert found.refuses_intake is refused
    assert ("2023年12月31日" in found.notice) is refused


def test_期后资金照发的读法():
    found = reading(d(2024, 1, 1), Certainty.UNCONFIRMED, runoff_straddle=RunoffStraddle.PAY)
    assert not found.money_waits
