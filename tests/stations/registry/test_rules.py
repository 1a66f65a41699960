"""When a station exists, expires, may be renewed; who is barred: R-01, R-19, R-35."""

from dataclasses import replace
from datetime import date as d

import pytest

from jinhua_labor.policy.load import versions
from jinhua_labor.policy.switches import BanAnchor, EstablishedAnchor
from stations.registry.enums import StationState
from stations.registry.rules import (
    EstablishmentFacts,
    Revocation,
    Standing,
    bar_in_force,
    bar_of,
    establishment,
    may_renew,
    state_on,
)

POLICY = versions()[0]
FULL = EstablishmentFacts("52", d(2021, 4, 16), d(2021, 4, 20), d(2021, 6, 1), d(2021, 6, 20))


@pytest.mark.parametrize(
    ("changed", "standing", "established_on"),
    [
        pytest.param({"filed_on": None}, Standing.NONE, None, id="未备案"),
        pytest.param({"approved_on": None, "document_on": None}, Standing.NONE, None, id="已备案未审核"),
        pytest.param({"document_on": None, "plaque_on": None}, Standing.AWAITS_DOCUMENT, None, id="已审核未发文"),
        pytest.param({"plaque_on": None}, Standing.AWAITS_PLAQUE, d(2021, 6, 1), id="已发文待挂牌"),
        pytest.param({}, Standing.COMPLETE, d(2021, 6, 1), id="设立日为成文日期"),
        pytest.param({"area_province": "33"}, Standing.NONE, None, id="协作地区在本省"),
        pytest.param({"area_province": ""}, Standing.NONE, None, id="没有协作地区"),
    ],
)
def test_工作站是否存在(changed, standing, established_on):
    found = establishment(replace(FULL, **changed), policy=POLICY)
    assert (found.standing, found.established_on, found.exists) == (
        standing,
        established_on,
        established_on is not None,
    )
    assert bool(found.problem) is (standing is not Standing.COMPLETE)


def test_本省地区的理由():
    assert "须为省外" in establishment(replace(FULL, area_province="33"), policy=POLICY).problem


def test_以挂牌日为设立日的读法():
    by_plaque = replace(POLICY, established_anchor=EstablishedAnchor.PLAQUE)
    assert establishment(FULL, policy=by_plaque).established_on == d(2021, 6, 20)
    assert not establishment(replace(FULL, plaque_on=None), policy=by_plaque).exists


@pytest.mark.parametrize(
    ("decided", "until", "opens"),
    [
        pytest.param(d(2022, 3, 10), d(2024, 3, 10), d(2024, 3, 11), id="对应日"),
        pytest.param(d(2024, 2, 29), d(2026, 2, 28), d(2026, 3, 1), id="闰日"),
        pytest.param(d(2023, 12, 31), d(2025, 12, 31), d(2026, 1, 1), id="跨年"),
        pytest.param(d(2021, 9, 30), d(2023, 9, 30), d(2023, 10, 1), id="周六不顺延"),
    ],
)
def test_二年内不得重新申报(decided, until, opens):
    bar = bar_of(Revocation(decided), policy=POLICY)
    assert (bar.until, bar.opens_on) == (until, opens)
    assert bar_in_force((bar,), until) == bar
    assert bar_in_force((bar,), opens) is None
    assert f"{opens.year}年{opens.month}月{opens.day}日起可以提交" in bar.message


def test_两次取消以较晚者为准():
    bars = tuple(bar_of(Revocation(day), policy=POLICY) for day in (d(2022, 3, 10), d(2021, 5, 1)))
    assert bar_in_force(bars, d(2022, 6, 1)) == bars[0]


@pytest.mark.parametrize(
    ("anchor", "until"),
    [
        (BanAnchor.DECISION_DATE, d(2024, 3, 10)),
        (BanAnchor.PUBLICATION_DATE, d(2024, 3, 15)),
        (BanAnchor.DELIVERY_DATE, d(2024, 3, 12)),
    ],
    ids=["决定日", "公布日", "送达日"],
)
def test_起算日的读法(anchor, until):
    revocation = Revocation(d(2022, 3, 10), published_on=d(2022, 3, 15), delivered_on=d(2022, 3, 12))
    assert bar_of(revocation, policy=replace(POLICY, ban_anchor=anchor)).until == until


@pytest.mark.parametrize(
    ("state", "on", "expected"),
    [
        pytest.param(StationState.ACTIVE, d(2023, 12, 31), StationState.ACTIVE, id="期限最后一天"),
        pytest.param(StationState.ACTIVE, d(2024, 1, 1), StationState.EXPIRED, id="期限届满次日"),
        pytest.param(StationState.REVOKED, d(2024, 1, 1), StationState.REVOKED, id="已取消不变"),
    ],
)
def test_经营期限届满(state, on, expected):
    assert state_on(state, d(2023, 12, 31), on) is expected


@pytest.mark.parametrize(
    ("on", "allowed"),
    [
        pytest.param(d(2023, 10, 31), False, id="届满前61日"),
        pytest.param(d(2023, 11, 1), True, id="届满前60日"),
        pytest.param(d(2024, 12, 31), True, id="届满后满12个月"),
        pytest.param(d(2025, 1, 1), False, id="超过12个月"),
    ],
)
def test_可否续期(on, allowed):
    assert may_renew(d(2023, 12, 31), on, settings=POLICY.settings) is allowed
