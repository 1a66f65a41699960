"""第四章 as tables: R-37 … R-42 with their boundaries."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from assessments.excellent.enums import Criterion
from assessments.excellent.rules import (
    Due,
    Matrix,
    Standing,
    YearFigures,
    matrix,
    rectifies_first,
    rectify_problem,
    reverify_due,
    reverify_window,
    round_problem,
    standing_problem,
    waits,
)
from jinhua_labor.policy.load import versions
from jinhua_labor.policy.switches import ExcellentLookback, ReverifyFailAction

POLICY = versions()[0]
LAST_2 = replace(POLICY, excellent_lookback=ExcellentLookback.LAST_2)
FOUNDED, CUTOFF = dt.date(2021, 6, 1), dt.date(2023, 10, 31)


def year(number: int = 1, **fields: object) -> YearFigures:
    values: dict[str, object] = {
        "number": number,
        "total": Decimal(85),
        "passed": True,
        "counted": 300,
        "skilled": 30,
        "matured": 100,
        "retained": 60,
        "ledger_seen": True,
    }
    return YearFigures(**{**values, **fields})  # type: ignore[arg-type]


def judged(*years: YearFigures, policy: object = POLICY, **fields: object) -> Matrix:
    values: dict[str, object] = {"established_on": FOUNDED, "cutoff": CUTOFF, "policy": policy}
    return matrix(years or (year(1), year(2)), **{**values, **fields})  # type: ignore[arg-type]


def met(found: Matrix, criterion: Criterion) -> bool | None:
    return next(row.met for row in found.rows if row.criterion == criterion)


@pytest.mark.parametrize(
    ("cutoff", "expected"),
    [
        pytest.param(dt.date(2023, 5, 31), False, id="差一天满两年"),
        pytest.param(dt.date(2023, 6, 1), True, id="满两年当日"),
    ],
)
def test_承担工作两年以上(cutoff: dt.date, expected: bool):
    assert met(judged(cutoff=cutoff), Criterion.SCORE) is expected


@pytest.mark.parametrize(
    ("years", "policy", "expected"),
    [
        pytest.param([("80", True), ("80", True)], POLICY, True, id="两年均80分"),
        pytest.param([("79.5", True), ("95", True)], POLICY, False, id="有一年79.5分"),
        pytest.param([("75", True), ("85", True), ("90", True)], POLICY, False, id="全部年度_首年75分"),
        pytest.param([("75", True), ("85", True), ("90", True)], LAST_2, True, id="只看最近两年"),
        pytest.param([("85", False), ("90", True)], POLICY, False, id="一票否决的年度"),
        pytest.param([("85", True)], POLICY, False, id="只有一个结果"),
    ],
)
def test_每年评估得分不低于80分(years: list[tuple[str, bool]], policy: object, expected: bool):
    rows = [year(number, total=Decimal(total), passed=passed) for number, (total, passed) in enumerate(years, 1)]
    assert met(judged(*rows, policy=policy), Criterion.SCORE) is expected


@pytest.mark.parametrize(
    ("counted", "skilled", "expected"),
    [(300, 30, True), (299, 60, False), (300, 29, False), (301, 30, False), (310, 31, True)],
)
def test_每年输送300人以上_技术技能人才不低于一成(counted: int, skilled: int, expected: bool):
    assert met(judged(year(1), year(2, counted=counted, skilled=skilled)), Criterion.WORKERS) is expected


@pytest.mark.parametrize(
    ("retained", "matured", "expected"), [(60, 100, True), (59, 100, False), (3, 5, True), (0, 0, False)]
)
def test_六个月后留用率不低于六成(retained: int, matured: int, expected: bool):
    assert met(judged(year(1), year(2, retained=retained, matured=matured)), Criterion.RETENTION) is expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({}, True, id="逐项完备"),
        pytest.param({"ledger_gaps": ("用工企业安全生产制度或规定（19/20）",)}, False, id="二十家企业缺一家的制度"),
        pytest.param({"ledger_seen": False}, None, id="尚未实地核对"),
    ],
)
def test_台账完备(fields: dict[str, object], expected: bool | None):
    found = judged(year(1), year(2, **fields))
    assert met(found, Criterion.LEDGER) is expected
    assert found.met is expected


def test_不符合的写明哪一条哪一年差在哪里():
    found = judged(year(1), year(2, counted=299, skilled=60, retained=59))
    assert found.failures == (
        "（二）第2年度：输送299人，其中技术技能人才60人，输送少于300人",
        "（三）第2年度：留用59/100，低于60%",
    )


@pytest.mark.parametrize(
    ("opening", "earlier", "refused"),
    [
        pytest.param(2024, [2023], True, id="隔一年"),
        pytest.param(2025, [2023], False, id="隔两年"),
        pytest.param(2023, [], False, id="首轮"),
        pytest.param(2026, [2021, 2025], True, id="看最近一轮"),
    ],
)
def test_每两年评选一次(opening: int, earlier: list[int], refused: bool):
    assert bool(round_problem(opening, earlier, policy=POLICY)) is refused


def test_首轮年份由局确定():
    policy = replace(POLICY, excellent_first_year=2023)
    assert round_problem(2022, [], policy=policy) == "首轮评选定于2023年。"
    assert round_problem(2023, [], policy=policy) == ""


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        pytest.param(Standing(True, False, True), "不重复评选", id="已认定"),
        pytest.param(Standing(True, True, False), "取消资格程序中", id="取消程序中"),
        pytest.param(Standing(False, False, False), "不在运行中", id="届满"),
        pytest.param(Standing(True, False, False), "", id="可以参加"),
    ],
)
def test_谁可以参加评选(standing: Standing, words: str):
    problem = standing_problem(standing)
    assert words in problem
    assert bool(problem) is bool(words)


@pytest.mark.parametrize(
    ("recognised", "number", "due"),
    [
        ("2023-12-20", 1, "2025-12-20"),
        ("2023-12-20", 2, "2027-12-20"),
        ("2024-02-29", 1, "2026-02-28"),
        ("2024-02-29", 2, "2028-02-29"),
    ],
)
def test_复核之日(recognised: str, number: int, due: str):
    assert reverify_due(dt.date.fromisoformat(recognised), number, policy=POLICY) == dt.date.fromisoformat(due)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2025-10-20", Due.EARLY),
        ("2025-10-21", Due.OPEN),
        ("2025-12-20", Due.OPEN),
        ("2026-02-18", Due.OPEN),
        ("2026-02-19", Due.LATE),
    ],
)
def test_复核期前后六十天(on: str, expected: Due):
    assert reverify_window(dt.date(2025, 12, 20), on=dt.date.fromisoformat(on), policy=POLICY) is expected


@pytest.mark.parametrize(
    ("action", "again", "first"),
    [
        pytest.param(ReverifyFailAction.WITHDRAW, False, False, id="现行口径_直接撤销"),
        pytest.param(ReverifyFailAction.RECTIFY_ONCE, False, True, id="限期整改一次的读法"),
        pytest.param(ReverifyFailAction.RECTIFY_ONCE, True, False, id="整改后仍不符合_撤销"),
    ],
)
def test_复核不通过先整改一次的读法(action: ReverifyFailAction, again: bool, first: bool):
    assert rectifies_first(again=again, policy=replace(POLICY, reverify_fail_action=action)) is first


@pytest.mark.parametrize(
    ("until", "words"),
    [
        pytest.param("2025-12-20", "须在今天之后", id="当日"),
        pytest.param("2025-12-21", "", id="次日"),
        pytest.param("2026-12-20", "", id="恰12个月"),
        pytest.param("2026-12-21", "最长12个月", id="超过12个月"),
    ],
)
def test_整改期限(until: str, words: str):
    problem = rectify_problem(dt.date.fromisoformat(until), on=dt.date(2025, 12, 20), policy=POLICY)
    assert words in problem
    assert bool(problem) is bool(words)


@pytest.mark.parametrize(
    ("on", "met", "waiting"),
    [
        pytest.param("2026-06-30", False, True, id="最后一天仍不符合"),
        pytest.param("2026-06-30", None, True, id="最后一天台账未核对"),
        pytest.param("2026-06-30", True, False, id="期内已符合"),
        pytest.param("2026-07-01", False, False, id="期满次日"),
    ],
)
def test_整改期内只报符合的(on: str, met: bool | None, waiting: bool):
    assert waits(dt.date(2026, 6, 30), met=met, on=dt.date.fromisoformat(on)) is waiting
    assert waits(None, met=met, on=dt.date.fromisoformat(on)) is False
