"""第五章 as tables: R-33, R-43 … R-48 with their vectors."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from jinhua_labor.policy.load import versions
from jinhua_labor.policy.switches import SetupOncePer
from subsidies.grants.enums import AdjustmentCause, CancelCause, GrantKind, Stage
from subsidies.grants.rules import (
    Act,
    Decided,
    Entitlement,
    GrantFact,
    Hold,
    Holding,
    ResultFact,
    Standing,
    StationFact,
    TitleFact,
    Wait,
    amounts,
    approval_steps,
    excellent,
    first_title,
    next_step,
    plan,
    same_matter_problem,
    setup,
    survives,
    yearly,
)

POLICY = versions()[0]
CONFIRMED, WAITING = Holding(POLICY, money_waits=False), Holding(POLICY, money_waits=True)
UNIT, SHEET = uuid.uuid4(), uuid.uuid4()
D = Decimal


def station(**fields: Any) -> StationFact:
    return StationFact(**{"established_on": dt.date(2021, 6, 1), "operator": UNIT, **fields})


def result(total: str = "75", **fields: Any) -> ResultFact:
    values: dict[str, Any] = {
        "number": 1,
        "ends_on": dt.date(2022, 5, 31),
        "final_on": dt.date(2022, 7, 20),
        "total": D(total),
        "passed": D(total) >= 60,
        "operator": UNIT,
        "source": SHEET,
    }
    return ResultFact(**{**values, **fields})


# --- R-43 -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fact", "holding", "base", "waits"),
    [
        pytest.param(station(), CONFIRMED, D(10000), (), id="新设立→1万"),
        pytest.param(station(established_on=dt.date(2021, 1, 1)), CONFIRMED, D(10000), (), id="施行首日设立→1万"),
        pytest.param(station(established_on=dt.date(2020, 12, 15)), CONFIRMED, None, (), id="施行前设立→没有"),
        pytest.param(station(established_on=dt.date(2020, 12, 15)), None, None, (), id="没有适用的文件→没有"),
        pytest.param(
            station(established_on=dt.date(2024, 1, 5)), WAITING, D(10000), (Wait.EXPIRY,), id="试行期后设立→待局决定"
        ),
        pytest.param(station(same_unit=True), CONFIRMED, D(10000), (), id="同单位另一地区→1万"),
        pytest.param(
            station(same_unit=True, same_area=True), CONFIRMED, D(10000), (Wait.AGAIN,), id="同单位原地区→待局决定"
        ),
        pytest.param(
            station(same_unit=True, after_ban=True), CONFIRMED, D(10000), (Wait.AGAIN,), id="被取消后重设→待局决定"
        ),
    ],
)
def test_建站补贴(fact: StationFact, holding: Holding | None, base: Decimal | None, waits: tuple[Wait, ...]):
    found = setup(fact, holding)
    assert (found.base if found else None) == base
    assert (found.waits if found else ()) == waits
    if found:
        assert (found.kind, found.period_no, found.clause) == (GrantKind.SETUP, None, "第十二条（一）")


def test_按单位只给一次的口径下第二个站点没有建站补贴():
    once = Holding(replace(POLICY, setup_once_per=SetupOncePer.OPERATOR), money_waits=False)
    assert setup(station(same_unit=True), once) is None
    assert setup(station(), once) is not None


# --- R-44 -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("total", "passed", "base", "clause"),
    [
        pytest.param("59.5", False, None, "", id="59.5→0"),
        pytest.param("60", True, 40000, "第十二条（二）1", id="60→4万"),
        pytest.param("69.5", True, 40000, "第十二条（二）1", id="69.5→4万"),
        pytest.param("70", True, 50000, "第十二条（二）2", id="70→5万"),
        pytest.param("79", True, 50000, "第十二条（二）2", id="79→5万"),
        pytest.param("80", True, 60000, "第十二条（二）3", id="80→6万"),
        pytest.param("89.5", True, 60000, "第十二条（二）3", id="89.5→6万"),
        pytest.param("90", True, 70000, "第十二条（二）4", id="90→7万"),
        pytest.param("100", True, 70000, "第十二条（二）4", id="100→7万"),
        pytest.param("95", False, None, "", id="95且一票否决→0"),
    ],
)
def test_年度绩效奖励(total: str, passed: bool, base: int | None, clause: str):
    found = yearly(result(total, passed=passed), CONFIRMED)
    assert (found.base if found else None) == (D(base) if base else None)
    if found:
        assert found.clause == clause
        assert f"{total}分" in found.arithmetic
        assert (found.period_no, found.payee, found.source) == (1, UNIT, SHEET)


def test_付给年度最后一天的承建单位():
    former = uuid.uuid4()
    found = yearly(result(operator=former), CONFIRMED)
    assert found is not None
    assert found.payee == former


def test_没有输送人员而合格的年度提示局里():
    found = yearly(result("60", counted=0), CONFIRMED)
    assert found is not None
    assert found.warnings
    assert not yearly(result("60", counted=1), CONFIRMED).warnings  # type: ignore[union-attr]


# --- R-45 -------------------------------------------------------------------------------------------------------------


def test_同年评优另加2万():
    year, title = (
        yearly(result("92"), CONFIRMED),
        excellent(TitleFact(dt.date(2023, 11, 1), UNIT, uuid.uuid4()), CONFIRMED),
    )
    assert year is not None
    assert year.base + title.base == D(90000)


def test_失去后再评上没有第二个2万():
    first = TitleFact(dt.date(2023, 11, 1), UNIT, uuid.uuid4())
    again = TitleFact(dt.date(2027, 11, 1), UNIT, uuid.uuid4())
    assert first_title([again, first]) == first
    assert excellent(first, CONFIRMED).key == excellent(again, CONFIRMED).key == ("EXCELLENT", None)
    assert first_title([]) is None


# --- R-47 -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("others", "payable"),
    [
        pytest.param([], 40000, id="没有其他补助→4万"),
        pytest.param([30000], 10000, id="已享受3万→1万"),
        pytest.param([40000], 0, id="已享受4万→0"),
        pytest.param([60000], 0, id="已享受6万→0"),
        pytest.param([10000, 15000.5], 14999.5, id="几项相加"),
    ],
)
def test_就高不重复(others: list[float], payable: float):
    found = amounts(D(40000), [D(str(one)) for one in others])
    assert found.payable == D(str(payable))
    assert found.other == sum((D(str(one)) for one in others), D(0))


def test_只有此前的政策可以认定为同一事项():
    assert same_matter_problem(dt.date(2021, 3, 22), policy=POLICY) == ""
    assert "2021年3月23日" in same_matter_problem(dt.date(2021, 3, 23), policy=POLICY)


# --- R-33 -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("decided", "left"),
    [
        pytest.param(None, True, id="没有取消决定"),
        pytest.param(Decided(dt.date(2022, 7, 21), fraud=False), True, id="决定前已确定→照付"),
        pytest.param(Decided(dt.date(2022, 7, 20), fraud=False), False, id="决定当日才确定→不付"),
        pytest.param(Decided(dt.date(2022, 1, 1), fraud=False), False, id="决定后才确定→不付"),
        pytest.param(Decided(dt.date(2025, 1, 1), fraud=True), False, id="弄虚作假→取消"),
    ],
)
def test_取消资格之后(decided: Decided | None, left: bool):
    found = yearly(result(), CONFIRMED)
    assert found is not None
    assert survives(found, decided) is left


@pytest.mark.parametrize(
    ("standing", "holds"),
    [
        pytest.param(Standing(), (), id="没有障碍"),
        pytest.param(Standing(revoking=True), (Hold.REVOKING,), id="取消程序中→暂停"),
        pytest.param(Standing(reopened=True, changed=True), (Hold.REOPENED,), id="更正中→暂停"),
        pytest.param(Standing(changed=True), (Hold.CHANGED,), id="更正后金额有变→重新核定"),
        pytest.param(Standing(survives=False), (Hold.GONE,), id="资格已取消"),
    ],
)
def test_暂停是读出来的(standing: Standing, holds: tuple[Hold, ...]):
    assert standing.holds == holds
    assert bool(standing.problems) == bool(holds)


def test_待局决定_延期文件解除届满_局决定解除重新设立():
    both = Standing(waits=(Wait.EXPIRY, Wait.AGAIN))
    assert len(both.problems) == 2
    assert replace(both, decided_pay=True).undecided == (Wait.EXPIRY,)
    assert replace(both, waits=(Wait.AGAIN,), decided_pay=True).problems == ()


# --- R-46, R-48 -------------------------------------------------------------------------------------------------------


def test_审批环节按设置逐步办理():
    steps = approval_steps(POLICY.settings)
    assert [(step.number, step.role) for step in steps] == [(1, "BUREAU"), (2, "FINANCE")]
    assert next_step(steps, ()) == steps[0]
    assert next_step(steps, {1}) == steps[1]
    assert next_step(steps, {1, 2}) is None
    assert next_step((), ()) is None


@pytest.mark.parametrize(
    ("ends_on", "holding", "waits"),
    [
        pytest.param(dt.date(2023, 3, 31), CONFIRMED, (), id="第1年度止2023-03-31→照付"),
        pytest.param(dt.date(2024, 3, 31), WAITING, (Wait.EXPIRY,), id="第2年度止2024-03-31→待局决定"),
    ],
)
def test_跨过试行期的年度(ends_on: dt.date, holding: Holding, waits: tuple[Wait, ...]):
    found = yearly(result(ends_on=ends_on), holding)
    assert found is not None
    assert found.waits == waits


# --- deriving ---------------------------------------------------------------------------------------------------------


def owed(total: str = "75", **fields: Any) -> Entitlement | None:
    return yearly(result(total, **fields), CONFIRMED)


def grant(stage: Stage, base: int = 50000, **fields: Any) -> GrantFact:
    values: dict[str, Any] = {
        "stage": stage,
        "base": D(base),
        "other": D(0),
        "outstanding": D(0),
        "source": SHEET,
        "cancel_cause": "",
    }
    return GrantFact(**{**values, **fields})


NEW = uuid.uuid4()
CANCELLED = {"cancel_cause": CancelCause.REVOCATION}


@pytest.mark.parametrize(
    ("entitled", "fact", "more", "act", "recover"),
    [
        pytest.param(owed(), None, {}, Act.CREATE, 0, id="没有→生成"),
        pytest.param(owed("50"), None, {}, Act.NOTHING, 0, id="不合格→没有"),
        pytest.param(owed(), None, {"reopened": True}, Act.NOTHING, 0, id="更正中→先不生成"),
        pytest.param(owed(), None, {"survives": False}, Act.NOTHING, 0, id="弄虚作假→不生成"),
        pytest.param(owed(), grant(Stage.DRAFT), {}, Act.NOTHING, 0, id="再算一次→无变化"),
        pytest.param(owed(), grant(Stage.PAID, outstanding=D(50000)), {}, Act.NOTHING, 0, id="已拨→无变化"),
        pytest.param(owed("85"), grant(Stage.SUBMITTED), {}, Act.REFRESH, 0, id="初审前更正→更新"),
        pytest.param(owed("85"), grant(Stage.SCREENED), {}, Act.NOTHING, 0, id="初审后更正→等退回"),
        pytest.param(owed("85"), grant(Stage.APPROVED), {}, Act.ROUND, 0, id="审批后更正→重新核定"),
        pytest.param(owed("85"), grant(Stage.BATCHED), {}, Act.NOTHING, 0, id="拨付中更正→等移出"),
        pytest.param(owed("76", source=NEW), grant(Stage.APPROVED), {}, Act.REFRESH, 0, id="同档更正→只换依据"),
        pytest.param(owed("85"), grant(Stage.PAID, outstanding=D(50000)), {}, Act.ROUND, 0, id="已拨后调高→补差"),
        pytest.param(owed("65"), grant(Stage.PAID, outstanding=D(50000)), {}, Act.LOWER, 10000, id="已拨后调低→追回"),
        pytest.param(owed("50"), grant(Stage.PAID, outstanding=D(50000)), {}, Act.LOWER, 50000, id="已拨后不合格→追回"),
        pytest.param(owed("50"), grant(Stage.APPROVED), {}, Act.CANCEL, 0, id="未拨而不合格→取消"),
        pytest.param(
            owed("50"), grant(Stage.DRAFT, 60000, outstanding=D(50000)), {}, Act.CANCEL, 50000, id="补差中又不合格"
        ),
        pytest.param(
            owed("75", source=NEW),
            grant(Stage.DRAFT, 60000, outstanding=D(50000)),
            {},
            Act.CANCEL,
            0,
            id="补差中又改回→不补",
        ),
        pytest.param(owed(), grant(Stage.APPROVED), {"survives": False}, Act.CANCEL, 0, id="弄虚作假未拨→取消"),
        pytest.param(owed(), grant(Stage.BATCHED), {"survives": False}, Act.NOTHING, 0, id="弄虚作假拨付中→先移出"),
        pytest.param(
            owed(), grant(Stage.PAID, outstanding=D(50000)), {"survives": False}, Act.NOTHING, 0, id="弄虚作假已拨"
        ),
        pytest.param(owed(), grant(Stage.CANCELLED, **CANCELLED), {}, Act.ROUND, 0, id="决定被撤销→重新核定"),
        pytest.param(
            owed(), grant(Stage.CANCELLED, cancel_cause=CancelCause.BUREAU), {}, Act.NOTHING, 0, id="局决定不给"
        ),
        pytest.param(owed("85"), grant(Stage.ZERO, other=D(55000)), {}, Act.ROUND, 0, id="曾按更高标准_调高后有差额"),
    ],
)
def test_推导的一步(
    entitled: Entitlement | None, fact: GrantFact | None, more: dict[str, bool], act: Act, recover: int
):
    found = plan(entitled, fact, **more)
    assert (found.act, found.recover) == (act, D(recover))


def test_已追回又撤销决定的重新核定():
    found = plan(owed(), grant(Stage.PAID, outstanding=D(0)))
    assert (found.act, found.cause) == (Act.ROUND, AdjustmentCause.REVERSAL)
