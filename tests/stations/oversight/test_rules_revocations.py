"""取消资格 as pure rules: grounds, hearing, effects, two fails in a row, what a station comes back to."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from jinhua_labor.core.workdays import WorkCalendar
from jinhua_labor.policy.load import versions
from stations.oversight.enums import GraveLimb, Ground
from stations.oversight.rules.revocations import (
    Effects,
    Proposal,
    Run,
    Unpaid,
    YearResult,
    consecutive_fails,
    defence_ends,
    effects,
    holds_grants,
    may_close_hearing,
    needs_hearing,
    proposal_problems,
    restored,
)
from stations.registry.enums import StationState

FAIL, PASS = {"final": True, "failed": True}, {"final": True}
VETO, NOTHING = {"final": True, "vetoed": True}, {"final": False}
G5 = Proposal([Ground.G5], grave=GraveLimb.COMPLAINT, finding="TS-1", verified=True)


@pytest.mark.parametrize(
    ("proposal", "words"),
    [
        pytest.param(Proposal([]), "请至少选择", id="R-32没有情形"),
        pytest.param(
            Proposal([Ground.G1], by_unit=True, evidence=0), "签字盖章的取消资格申请书", id="R-32a没有签字盖章的申请书"
        ),
        pytest.param(Proposal([Ground.G1]), "由承建单位自己提出", id="R-32中心不能替单位主动申请"),
        pytest.param(Proposal([Ground.G2], by_unit=True), "只能主动申请", id="R-32单位只能主动申请"),
        pytest.param(replace(G5, verified=False), "投诉尚未核实", id="R-32b投诉未核实"),
        pytest.param(replace(G5, grave=GraveLimb.ACCIDENT, verified=False), "事故尚未认定", id="R-32事故未认定"),
        pytest.param(replace(G5, finding=""), "投诉编号", id="R-32没有文书"),
        pytest.param(replace(G5, grave=None), "哪一种情形", id="R-32没有选情形"),
        pytest.param(Proposal([Ground.G2], facts=" "), "事实和理由", id="R-32没有事实"),
        pytest.param(Proposal([Ground.G2], evidence=0), "请上传证据", id="R-32没有证据"),
    ],
)
def test_不具备提出条件(proposal: Proposal, words: str) -> None:
    assert any(words in one.message for one in proposal_problems(proposal))


@pytest.mark.parametrize(
    "proposal",
    [
        pytest.param(Proposal([Ground.G1], by_unit=True), id="R-32主动申请"),
        pytest.param(G5, id="R-32投诉已核实"),
        pytest.param(Proposal([Ground.G3, Ground.G4]), id="R-32c两种情形"),
    ],
)
def test_具备提出条件(proposal: Proposal) -> None:
    assert proposal_problems(proposal) == ()


@pytest.mark.parametrize(
    ("grounds", "expected"),
    [
        pytest.param([Ground.G3, Ground.G4], Effects(Unpaid.CANCELLED, recovery=True), id="R-32c从重"),
        pytest.param([Ground.G4], Effects(Unpaid.CANCELLED, recovery=True), id="R-33b虚报冒领"),
        pytest.param([Ground.G1], Effects(Unpaid.IF_FINAL, recovery=False), id="R-33c主动申请照付"),
        pytest.param([Ground.G2], Effects(Unpaid.IF_FINAL, recovery=False), id="R-33其他照付"),
    ],
)
def test_对补贴的影响(grounds: list[Ground], expected: Effects) -> None:
    assert effects(grounds) == expected


def test_主动申请不需要告知也不暂停补贴() -> None:
    assert not needs_hearing(["G1"])
    assert not holds_grants(["G1"])
    assert all(needs_hearing([one]) and holds_grants([one]) for one in ("G2", "G3", "G4", "G5"))


@pytest.mark.parametrize(
    ("told", "last"),
    [
        pytest.param(dt.date(2022, 3, 1), dt.date(2022, 3, 8), id="跨一个周末"),
        pytest.param(dt.date(2022, 9, 28), dt.date(2022, 10, 10), id="跨国庆节和调休"),
    ],
)
def test_陈述申辩期限按工作日(told: dt.date, last: dt.date) -> None:
    settings = versions()[0].settings
    assert defence_ends(told, settings=settings, calendar=WorkCalendar.bundled()) == last


@pytest.mark.parametrize(
    ("stated", "on", "expected"),
    [
        pytest.param(False, 8, False, id="最后一天还可以陈述"),
        pytest.param(False, 9, True, id="次日逾期未陈述"),
        pytest.param(True, 2, True, id="已陈述即可处理"),
    ],
)
def test_何时可以处理(stated: bool, on: int, expected: bool) -> None:
    assert may_close_hearing(stated=stated, until=dt.date(2022, 3, 8), on=dt.date(2022, 3, on)) is expected


@pytest.mark.parametrize(
    ("years", "run", "which"),
    [
        pytest.param([FAIL, FAIL], Run.PROPOSAL, (1, 2), id="R-34不合格不合格"),
        pytest.param([FAIL, PASS, FAIL], Run.NONE, (), id="R-34不合格合格不合格"),
        pytest.param([VETO, FAIL], Run.PROPOSAL, (1, 2), id="R-34一票否决不合格"),
        pytest.param([FAIL, NOTHING, FAIL], Run.BROKEN, (1, 3), id="R-34中间没有结果只提示"),
        pytest.param([FAIL, {"final": False, "failed": True}], Run.NONE, (), id="R-34未确定的不算"),
        pytest.param([PASS, FAIL, FAIL], Run.PROPOSAL, (2, 3), id="R-34第二第三年度"),
        pytest.param([], Run.NONE, (), id="R-34没有评估"),
    ],
)
def test_连续两个年度不合格(years: list[dict[str, bool]], run: Run, which: tuple[int, ...]) -> None:
    results = [YearResult(number, **year) for number, year in enumerate(years, 1)]
    found = consecutive_fails(results, count=versions()[0].consecutive_fail)
    assert (found.run, found.years) == (run, which)


@pytest.mark.parametrize(
    ("former", "put_right", "on", "expected"),
    [
        pytest.param("ACTIVE", True, 1, "ACTIVE", id="运行中"),
        pytest.param("RECTIFYING", False, 1, "RECTIFYING", id="问题还没整改"),
        pytest.param("RECTIFYING", True, 1, "ACTIVE", id="期间已整改"),
        pytest.param("ACTIVE", True, 3, "EXPIRED", id="期间经营期限届满"),
        pytest.param("EXPIRED", True, 3, "EXPIRED", id="原已届满"),
    ],
)
def test_恢复到的状态(former: str, put_right: bool, on: int, expected: str) -> None:
    term = dt.date(2023, 1, 2)
    state = restored(StationState(former), all_put_right=put_right, term_to=term, on=dt.date(2023, 1, on))
    assert state == expected
