"""Which version holds, what 附件3 A1, A2, B1 make of it, what runs out: R-32, R-51, R-52, R-55."""

from dataclasses import replace
from datetime import date as d

import pytest

from jinhua_labor.policy.load import versions
from jinhua_labor.policy.periods import Period
from jinhua_labor.policy.scoring import line_score
from stations.registry.enums import PaperKind, Side
from stations.registry.papers import (
    Holding,
    Paper,
    Warned,
    ending,
    holder,
    in_force_until,
    paper_alerts,
    standing_of,
    station_file,
)

POLICY = versions()[0]
SETTINGS = POLICY.settings
YEAR = Period(1, d(2021, 4, 1), d(2022, 3, 31))
END = YEAR.end
FIRST = Paper(PaperKind.AGREEMENT, 1, d(2021, 1, 10), d(2021, 12, 31), d(2021, 3, 1), True)


def second(**changed):
    return replace(FIRST, version=2, **changed)


@pytest.mark.parametrize(
    ("versions", "on", "standing"),
    [
        pytest.param([], d(2021, 6, 1), Holding.ABSENT, id="没有登记"),
        pytest.param([FIRST], d(2021, 12, 31), Holding.MET, id="最后一天仍有效"),
        pytest.param([FIRST], d(2022, 1, 1), Holding.LAPSED, id="次日已过期"),
        pytest.param([FIRST], d(2021, 1, 9), Holding.ABSENT, id="起始日之前"),
        pytest.param([replace(FIRST, valid_to=None)], d(2030, 1, 1), Holding.MET, id="长期"),
        pytest.param([replace(FIRST, accepted=None)], d(2021, 6, 1), Holding.UNCHECKED, id="待核"),
        pytest.param([replace(FIRST, accepted=False)], d(2021, 6, 1), Holding.REFUSED, id="核对不符合"),
        pytest.param(
            [FIRST, second(valid_from=d(2022, 1, 1), valid_to=d(2022, 12, 31))],
            d(2021, 12, 31),
            Holding.MET,
            id="新版未到起始日_仍看旧版",
        ),
        pytest.param(
            [FIRST, second(valid_from=d(2022, 1, 1), valid_to=d(2022, 12, 31), accepted=None)],
            d(2022, 1, 1),
            Holding.UNCHECKED,
            id="新版自起始日代替旧版",
        ),
        pytest.param([FIRST, second(valid_to=d(2021, 6, 30))], d(2021, 7, 1), Holding.LAPSED, id="提前终止_旧版不复活"),
        pytest.param([FIRST, second(accepted=False)], d(2021, 7, 1), Holding.MET, id="不符合的新版不代替旧版"),
    ],
)
def test_某日的效力(versions, on, standing):
    assert standing_of(versions, on) is standing


def test_同日起的以后报的为准():
    speaks = holder([second(title="新"), FIRST], d(2021, 6, 1))
    assert speaks is not None
    assert speaks.title == "新"


@pytest.mark.parametrize(
    ("versions", "until"),
    [
        pytest.param([FIRST], d(2021, 12, 31), id="一版"),
        pytest.param([replace(FIRST, valid_to=None)], None, id="长期"),
        pytest.param([FIRST, second(valid_from=d(2022, 1, 1), valid_to=d(2022, 12, 31))], d(2022, 12, 31), id="接上"),
        pytest.param([FIRST, second(valid_from=d(2022, 1, 2), valid_to=None)], d(2021, 12, 31), id="断一天"),
        pytest.param([FIRST, second(valid_from=d(2021, 6, 1), valid_to=None)], None, id="提前换成长期"),
    ],
)
def test_连续有效到哪一天(versions, until):
    assert in_force_until(versions, d(2021, 5, 1)) == until


# --- 附件3 ------------------------------------------------------------------------------------------------------------


def site(side, **changed):
    values = {"valid_from": d(2021, 1, 1), "valid_to": d(2023, 12, 31), "furnished": True, "accepted": True}
    return Paper(PaperKind.SITE, 1, thread=f"{side}", side=side, **{**values, **changed})


RULES = Paper(PaperKind.WORKER_RULES, 1, d(2021, 3, 1), None, d(2021, 3, 1), True)
PACT = replace(FIRST, valid_to=d(2023, 12, 31))
PLAN = Paper(PaperKind.PLAN, 1, d(2021, 3, 1), None, d(2021, 3, 1), True, period=1)
FULL = [RULES, PACT, PLAN, site(Side.DISTRICT), site(Side.AREA)]


def points(papers, code, *, provisional=False):
    facts = station_file(papers, on=END, period=YEAR, settings=SETTINGS)
    fact = {"A1": facts.system, "A2": facts.offices, "B1": facts.work_plan}[code](provisional=provisional)
    return line_score(code, fact, policy=POLICY).points


def without(*gone, add=()):
    return [paper for paper in FULL if paper not in gone] + list(add)


@pytest.mark.parametrize(
    ("papers", "code", "score"),
    [
        pytest.param(FULL, "A1", 5, id="制度与协议齐"),
        pytest.param(without(RULES), "A1", 0, id="没有制度"),
        pytest.param(without(PACT, add=[FIRST]), "A1", 0, id="协议年内到期未续"),
        pytest.param(without(PACT, add=[replace(PACT, accepted=False)]), "A1", 0, id="协议核对不符合"),
        pytest.param(FULL, "A2", 5, id="两地齐备"),
        pytest.param(without(site(Side.AREA)), "A2", 0, id="只有区内地点"),
        pytest.param(without(site(Side.AREA), add=[site(Side.AREA, furnished=False)]), "A2", 0, id="没有办公设施"),
        pytest.param(
            without(site(Side.AREA), add=[site(Side.AREA, valid_to=d(2022, 3, 30))]), "A2", 0, id="租期早一天届满"
        ),
        pytest.param(FULL, "B1", 5, id="计划按时报送"),
        pytest.param(without(PLAN), "B1", 0, id="没有计划"),
        pytest.param(without(PLAN, add=[replace(PLAN, accepted=False)]), "B1", 0, id="计划空泛"),
        pytest.param(without(PLAN, add=[replace(PLAN, filed_on=d(2021, 6, 30))]), "B1", 5, id="第一季度末报送"),
        pytest.param(without(PLAN, add=[replace(PLAN, filed_on=d(2021, 7, 1))]), "B1", 0, id="第一季度后报送"),
        pytest.param(without(PLAN, add=[replace(PLAN, period=2)]), "B1", 0, id="别的年度的计划"),
    ],
)
def test_全有或全无(papers, code, score):
    assert points(papers, code) == score
    assert points(papers, code) in (0, 5)


def test_未核对的先按有_正式评分不认():
    papers = [replace(paper, accepted=None) for paper in FULL]
    for code in ("A1", "A2", "B1"):
        assert (points(papers, code, provisional=True), points(papers, code)) == (5, 0)


def test_多份制度有一份过期即不齐():
    old = Paper(PaperKind.RULES, 1, d(2021, 1, 1), d(2021, 12, 31), d(2021, 3, 1), True)
    assert points([*FULL, old], "A1") == 0


# --- alerts -----------------------------------------------------------------------------------------------------------

LICENCE = Paper(PaperKind.LICENCE, 1, d(2021, 1, 5), d(2022, 3, 31), d(2021, 3, 1), True)


def alerts(*papers, on):
    return [(one.kind, one.warned) for one in paper_alerts(papers, on=on, settings=SETTINGS)]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        pytest.param(d(2022, 1, 29), [], id="61天前不提醒"),
        pytest.param(d(2022, 1, 30), [(PaperKind.LICENCE, Warned.EXPIRING)], id="60天前提醒"),
        pytest.param(d(2022, 3, 31), [(PaperKind.LICENCE, Warned.EXPIRING)], id="当天"),
        pytest.param(d(2022, 4, 1), [(PaperKind.LICENCE, Warned.EXPIRED)], id="次日已过期"),
    ],
)
def test_许可证到期(on, expected):
    assert alerts(*FULL, LICENCE, on=on) == expected


def test_已有接续的不再提醒():
    following = replace(LICENCE, version=2, valid_from=d(2022, 4, 1), valid_to=None)
    assert alerts(*FULL, LICENCE, following, on=d(2022, 3, 1)) == []
    assert ending([LICENCE, following], d(2022, 3, 1), settings=SETTINGS) is None


def test_失去一侧地点才是取消事由():
    lost = site(Side.AREA, valid_to=d(2021, 12, 31))
    found = paper_alerts(without(site(Side.AREA), add=[LICENCE, lost]), on=d(2022, 1, 1), settings=SETTINGS)
    assert [(one.kind, one.warned, one.is_ground, one.last_day) for one in found] == [
        (PaperKind.SITE, Warned.EXPIRED, True, d(2021, 12, 31))
    ]
    other = replace(lost, thread="另一处", valid_to=None)
    assert alerts(*without(site(Side.AREA)), LICENCE, lost, other, on=d(2022, 1, 1)) == []


def test_什么都没有():
    assert alerts(on=d(2022, 1, 1)) == [
        (PaperKind.LICENCE, Warned.MISSING),
        (PaperKind.AGREEMENT, Warned.MISSING),
        (PaperKind.SITE, Warned.MISSING),
        (PaperKind.SITE, Warned.MISSING),
    ]
