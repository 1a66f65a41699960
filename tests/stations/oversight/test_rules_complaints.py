"""R-54, R-64 and §3.3: deadlines, what counts, what it leads to, as the policy reads."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from jinhua_labor.policy.load import versions
from jinhua_labor.policy.scoring import SafetyFact
from jinhua_labor.policy.switches import VetoMode
from stations.oversight.enums import ComplaintState, Verdict
from stations.oversight.rules.codes import ALPHABET, LENGTH, digest, new_code
from stations.oversight.rules.complaints import (
    ComplaintFact,
    consequence,
    counts,
    due,
    finish_by,
    if_verified,
    lateness,
    may_become,
    reminds,
    tell_by,
)

POLICY = versions()[0]
SETTINGS = POLICY.settings
RECEIVED = dt.date(2021, 6, 10)
TELL, FINISH = dt.date(2021, 6, 25), dt.date(2021, 8, 9)


def fact(**fields: dt.date) -> ComplaintFact:
    return ComplaintFact(TELL, FINISH, **fields)


def test_期限按自然日() -> None:
    assert tell_by(RECEIVED, settings=SETTINGS) == TELL
    assert finish_by(RECEIVED, settings=SETTINGS) == FINISH


@pytest.mark.parametrize(
    ("done", "on", "text"),
    [
        pytest.param({}, TELL, "须于2021年6月25日前告知", id="第15日仍在期内"),
        pytest.param({}, TELL + dt.timedelta(days=1), "逾期1天未告知", id="第16日逾期"),
        pytest.param({"told_on": TELL}, FINISH, "须于2021年8月9日前办结", id="第60日仍在期内"),
        pytest.param({"told_on": TELL}, FINISH + dt.timedelta(days=3), "逾期3天未办结", id="第63日逾期3天"),
        pytest.param({"told_on": TELL, "closed_on": FINISH}, FINISH + dt.timedelta(days=9), None, id="已办结"),
    ],
)
def test_逾期天数(done: dict[str, dt.date], on: dt.date, text: str | None) -> None:
    owed = due(fact(**done), on=on)
    assert (owed.text if owed else None) == text


def test_超期的记录() -> None:
    late = dt.timedelta(days=2)
    assert lateness(fact(told_on=TELL, closed_on=FINISH)) == ()
    assert lateness(fact(told_on=TELL + late, closed_on=FINISH + late)) == ("告知超期2天", "办结超期2天")


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        pytest.param(dt.date(2021, 6, 21), False, id="提前4天不提醒"),
        pytest.param(dt.date(2021, 6, 22), True, id="提前3天提醒"),
        pytest.param(dt.date(2021, 7, 1), True, id="已逾期提醒"),
    ],
)
def test_提醒(on: dt.date, expected: bool) -> None:
    assert reminds(fact(), on=on) is expected
    assert not reminds(fact(told_on=RECEIVED), on=on)


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        pytest.param(Verdict.YES, True, id="是"),
        pytest.param(Verdict.PARTLY, True, id="部分算是"),
        pytest.param(Verdict.NO, False, id="否"),
        pytest.param("", False, id="未核实"),
    ],
)
def test_经核实(verdict: str, expected: bool) -> None:
    assert counts(verdict) is expected


def test_步骤的次序() -> None:
    assert may_become(ComplaintState.REGISTERED, ComplaintState.TOLD)
    assert not may_become(ComplaintState.REGISTERED, ComplaintState.VERIFIED)
    assert may_become(ComplaintState.VERIFIED, ComplaintState.VERIFIED), "办结前可以更正核实"
    assert not may_become(ComplaintState.CLOSED, ComplaintState.VERIFIED)


@pytest.mark.parametrize(
    ("accidents", "verified", "text"),
    [
        pytest.param(0, 0, "本年度没有经核实的投诉；核实 3 起即一票否决，本年度不合格。", id="没有"),
        pytest.param(0, 1, "本年度已核实投诉 1 起，扣 2 分；再核实 2 起即一票否决，本年度不合格。", id="一起"),
        pytest.param(0, 2, "本年度已核实投诉 2 起，扣 4 分；再核实 1 起即一票否决，本年度不合格。", id="两起"),
        pytest.param(0, 3, "本年度已核实投诉 3 起，一票否决，本年度不合格。", id="三起"),
        pytest.param(1, 0, "本年度负有责任的安全责任事故 1 起，一票否决，本年度不合格。", id="一起事故"),
        pytest.param(
            1, 2, "本年度负有责任的安全责任事故 1 起、已核实投诉 2 起，一票否决，本年度不合格。", id="事故和投诉"
        ),
    ],
)
def test_后果(accidents: int, verified: int, text: str) -> None:
    assert consequence(SafetyFact(accidents, verified), policy=POLICY).text == text


def test_后果随口径() -> None:
    together = replace(POLICY, veto_mode=VetoMode.TOGETHER)
    found = consequence(SafetyFact(1, 1), policy=together)
    assert (found.vetoed, found.left, found.points) == (False, 1, 1)
    assert if_verified(SafetyFact(1, 1), policy=together).vetoed


def test_四件投诉两件核实() -> None:
    found = consequence(SafetyFact(0, 2, 4), policy=POLICY)
    assert (found.vetoed, found.left) == (False, 1)


def test_查询码() -> None:
    code, kept = new_code()
    assert len(ALPHABET) == 32
    assert LENGTH * 5 >= 128, "每个字符 5 位"
    assert len({new_code()[0] for _ in range(50)}) == 50
    assert new_code(b"x" * 32) == new_code(b"x" * 32) != new_code(b"y" * 32), "同一张表单同一个码"
    assert set(new_code(bytes(18))[0]) == {"0", "-"}
    assert set(new_code(b"\xff" * 18)[0]) == {"Z", "-"}
    assert digest(code) == digest(code.lower().replace("-", " ")) == kept
    assert digest("O1l0") == digest("0110")
    assert digest(code[:-1]) != kept
