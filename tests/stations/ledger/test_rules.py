"""Completeness of the ledger, its points, and what a job demand may not say: R-24, R-25, R-57."""

from dataclasses import replace
from datetime import date as d

import pytest

from jinhua_labor.policy.load import versions
from jinhua_labor.policy.switches import LedgerMedium
from stations.ledger.enums import Item
from stations.ledger.rules import (
    ItemFacts,
    Level,
    Light,
    discrimination,
    is_shown,
    item_state,
    ledger_state,
    may_publish,
)

POLICY = versions()[0]
EITHER = replace(POLICY, ledger_medium=LedgerMedium.EITHER)
SCORED = [item for item in Item if item != Item.L8]


def facts(*absent: Item, seen: bool = True, extra: bool = False) -> list[ItemFacts]:
    """Two of everything kept (and seen), but for what is absent; L8 where there is something more."""
    rows = [ItemFacts(item, 2) if item in absent else ItemFacts(item, 2, 2, 2 if seen else 0) for item in SCORED]
    return [*rows, ItemFacts(Item.L8, int(extra), int(extra), int(extra))]


def test_R24a_七目齐_没有其他资料也齐全():
    state = ledger_state(facts(), policy=POLICY, official=True)
    assert (state.missing, state.at_stake, state.light, state.stake_text) == ((), 0, Light.GREEN, "")
    assert state.items[-1].level is Level.NOT_DUE


def test_R24b_缺留用名册算一项():
    state = ledger_state(facts(Item.L7), policy=POLICY)
    assert (state.missing, state.at_stake, state.light) == ((Item.L7,), 3, Light.RED)


def test_R24c_二十家中三家没有安全制度_部分85_不当然算缺():
    state = item_state(ItemFacts(Item.L3, 20, 17, 17), policy=POLICY, official=True)
    assert (state.level, state.percent, state.missing) == (Level.PARTIAL, 85, False)


def test_R24d_只有电子件_按纸质口径未见():
    only_files = ItemFacts(Item.L1, 2, 2, 0)
    official = item_state(only_files, policy=POLICY, official=True)
    assert (official.level, official.missing, official.paper_pending) == (Level.ABSENT, True, True)
    meter = item_state(only_files, policy=POLICY, official=False)
    assert (meter.level, meter.missing, meter.paper_pending) == (Level.COMPLETE, False, True)
    either = item_state(only_files, policy=EITHER, official=True)
    assert (either.level, either.missing, either.paper_pending) == (Level.COMPLETE, False, False)


@pytest.mark.parametrize(
    ("missing", "stake", "text"),
    [
        pytest.param(0, 0, "", id="不缺"),
        pytest.param(1, 3, "缺 1 项 = −3 分", id="缺一项"),
        pytest.param(2, 6, "缺 2 项 = −6 分", id="缺两项"),
        pytest.param(3, 9, "缺 3 项 = −9 分", id="缺三项"),
        pytest.param(4, 10, "缺 4 项 = −10 分", id="缺四项_扣完为止"),
        pytest.param(7, 10, "缺 7 项 = −10 分", id="全缺"),
    ],
)
def test_缺项扣分(missing, stake, text):
    state = ledger_state(facts(*SCORED[:missing]), policy=POLICY)
    assert (state.at_stake, state.stake_text) == (stake, text)


def test_只计五项的读法():
    five = replace(POLICY, ledger_items_scored=("L1", "L2", "L4", "L5", "L7"))
    assert ledger_state(facts(Item.L3, Item.L6), policy=five).at_stake == 0


@pytest.mark.parametrize(
    ("rows", "light"),
    [
        pytest.param(facts(), Light.GREEN, id="齐全且已见纸质"),
        pytest.param(facts(seen=False), Light.AMBER, id="纸质待核"),
        pytest.param([replace(facts()[0], kept=1, seen=1), *facts()[1:]], Light.AMBER, id="部分"),
        pytest.param(facts(Item.L2), Light.RED, id="缺项"),
    ],
)
def test_红黄绿(rows, light):
    assert ledger_state(rows, policy=POLICY).light is light


def test_没有输送的年度不缺项():
    state = ledger_state([ItemFacts(item, 0) for item in Item], policy=POLICY, official=True)
    assert (state.missing, state.at_stake) == ((), 0)
    assert {one.percent for one in state.items} == {100}


# --- R-25 -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("限男性", "性别"),
        ("限女性，年龄不限", "性别"),
        ("仅限男", "性别"),
        ("限 男 性", "性别"),
        ("限·女", "性别"),
        ("男性优先", "性别"),
        ("女生勿扰", "性别"),
        ("不招女工", "性别"),
        ("女服务员", "性别"),
        ("限汉族", "民族"),
        ("汉族优先", "民族"),
        ("不招维吾尔族", "民族"),
        ("少数民族勿扰", "民族"),
        ("无宗教信仰", "宗教信仰"),
        ("信教者勿扰", "宗教信仰"),
        ("只要白人", "种族"),
        ("未婚优先", "婚育"),
        ("三年内不生育", "婚育"),
        ("不招河南人", "地域"),
        ("乙肝勿扰", "健康歧视"),
    ],
)
def test_歧视性内容(text, kind):
    found = discrimination(demands=text)
    assert found, text
    assert found[0].startswith(kind)


@pytest.mark.parametrize(
    "text",
    [
        "男女不限",
        "招收男女工人20名",
        "性别不限，民族不限，能吃苦耐劳",
        "不限男女，初中以上",
        "装配工，会看图纸，五级以上",
        "限10月底前到岗",
        "需要体检合格",
        "汉语普通话流利",
    ],
)
def test_正常要求不误报(text):
    assert discrimination(demands=text) == ()


def test_福利中的女职工不误报_限制性说法仍报():
    assert discrimination(demands="", terms="女职工产假、男职工陪产假") == ()
    assert discrimination(demands="", terms="限男宿舍楼岗位") == ("性别：限男",)


def test_同一处只报一次_多处都报():
    assert discrimination(demands="限男性。限汉族。限男性。") == ("性别：限男性", "民族：限汉族")


def test_R25a_有疑似用语不能发布():
    assert not may_publish(discrimination(demands="限男性"), cleared=False)


def test_R25b_中心核实后可发布():
    assert may_publish(discrimination(demands="限男性"), cleared=True)


@pytest.mark.parametrize(
    ("on", "shown"), [(d(2022, 6, 30), True), (d(2022, 7, 1), False)], ids=["当日", "次日自动撤下"]
)
def test_R25c_过期自动隐藏(on, shown):
    assert is_shown(published=True, withdrawn=False, valid_to=d(2022, 6, 30), on=on) is shown
    assert not is_shown(published=False, withdrawn=False, valid_to=d(2022, 6, 30), on=on)
    assert not is_shown(published=True, withdrawn=True, valid_to=d(2022, 6, 30), on=on)
