"""A row of the result sheet finds its payment by batch number, name and amount, or says why not (R-46)."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidies.payments.enums import PaymentState, Problem, Said
from subsidies.payments.rules.cells import read_amount, read_said
from subsidies.payments.rules.numbers import batch_number, find_numbers, next_serial
from subsidies.payments.rules.reconcile import Line, Told, reconcile, spelled

TODAY = dt.date(2023, 9, 20)
ISSUED = dt.date(2023, 9, 11)
BATCH, OTHER = "BF-330703-2023-001", "BF-330703-2023-002"
DAYS = {BATCH: ISSUED, OTHER: None}


def line(number: int = 1, **fields: Any) -> Line:
    given = {
        "id": uuid.UUID(int=number),
        "batch": BATCH,
        "seq": number,
        "payee": "示例一号人力资源有限公司",
        "amount": Decimal(70000),
    }
    return Line(**{**given, **fields})


def told(row: int = 5, **fields: Any) -> Told:
    given = {
        "row": row,
        "batch": BATCH,
        "payee": "示例一号人力资源有限公司",
        "amount": Decimal(70000),
        "said": Said.PAID,
        "voucher": "2023-0901",
        "on": dt.date(2023, 9, 15),
    }
    return Told(**{**given, **fields})


def one(row: Told, *lines: Line) -> Problem | None:
    found = reconcile([row], lines or (line(),), issued=DAYS, today=TODAY)
    assert len(found.matched) + len(found.repeated) + len(found.silent) + len(found.mismatches) == 1
    return found.mismatches[0].problem if found.mismatches else None


BOUNCED = {"said": Said.BOUNCED, "voucher": "", "reason": "账号户名不符"}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param({}, None, id="批次、户名、金额都对"),
        pytest.param({"payee": "示例一号 人力资源有限公司"}, None, id="户名里多了空格"),
        pytest.param(BOUNCED, None, id="退票有原因"),
        pytest.param({"batch": ""}, Problem.NO_BATCH, id="没有批次号"),
        pytest.param({"batch": "BF-330703-2023-009"}, Problem.UNKNOWN_BATCH, id="批次不存在"),
        pytest.param({"batch": OTHER}, Problem.NOT_ISSUED, id="批次还没有拨付表"),
        pytest.param({"payee": "示例二号人力资源有限公司"}, Problem.UNKNOWN_PAYEE, id="批次里没有这个单位"),
        pytest.param({"amount": Decimal("69999.99")}, Problem.AMOUNT, id="少一分"),
        pytest.param({"amount": Decimal("70000.001")}, Problem.AMOUNT, id="多一厘不四舍五入"),
        pytest.param({"amount": None}, Problem.AMOUNT, id="没有金额"),
        pytest.param({"said": "处理中"}, Problem.UNCLEAR, id="看不出结果"),
        pytest.param({"voucher": ""}, Problem.VOUCHER, id="已拨付没有凭证号"),
        pytest.param({**BOUNCED, "reason": ""}, Problem.REASON, id="退票没有原因"),
        pytest.param({"on": None}, Problem.DAY, id="没有日期"),
        pytest.param({"on": TODAY + dt.timedelta(1)}, Problem.DAY, id="日期晚于今天"),
        pytest.param({"on": TODAY}, None, id="日期就是今天"),
        pytest.param({"on": ISSUED}, None, id="日期就是拨付表当天"),
        pytest.param({"on": ISSUED - dt.timedelta(1)}, Problem.DAY, id="日期早于拨付表"),
        pytest.param({"unread": "日期读不出"}, Problem.UNREADABLE, id="单元格读不出"),
        pytest.param({"said": ""}, None, id="没有结果的一行不算"),
    ],
)
def test_一行(row: dict[str, Any], expected: Problem | None) -> None:
    assert one(told(**row)) == expected


PAID = {"state": PaymentState.PAID, "voucher": "2023-0901", "settled_on": dt.date(2023, 9, 15)}
BACK = {"state": PaymentState.BOUNCED, "settled_on": dt.date(2023, 9, 15)}


@pytest.mark.parametrize(
    ("row", "known", "expected"),
    [
        pytest.param({}, PAID, None, id="与已登记的相同"),
        pytest.param({"voucher": "2023-0902"}, PAID, Problem.CONTRADICTS, id="凭证号不同"),
        pytest.param({"on": dt.date(2023, 9, 16)}, PAID, Problem.CONTRADICTS, id="日期不同"),
        pytest.param(BOUNCED, PAID, Problem.CONTRADICTS, id="已拨付又说退票"),
        pytest.param(BOUNCED, BACK, None, id="退票再说一次"),
        pytest.param({}, BACK, Problem.CONTRADICTS, id="退票的又说已拨付"),
        pytest.param({}, {"state": PaymentState.CANCELLED}, Problem.CONTRADICTS, id="已撤销的"),
    ],
)
def test_已登记过的一笔(row: dict[str, Any], known: dict[str, Any], expected: Problem | None) -> None:
    found = reconcile([told(**row)], [line(**known)], issued=DAYS, today=TODAY)
    assert [fault.problem for fault in found.mismatches] == ([expected] if expected else [])
    assert not found.matched
    assert len(found.repeated) == (expected is None)


def test_同一笔写了两行_第二行是重复() -> None:
    found = reconcile([told(5), told(6)], [line()], issued=DAYS, today=TODAY)
    assert [(one.told.row, one.problem) for one in found.mismatches] == [(6, Problem.TWICE)]
    assert "第 5 行" in found.mismatches[0].words


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([told(5), told(6)], {5: 1, 6: 2}, id="两行说的一样_哪一行是哪一笔无所谓"),
        pytest.param([told(5, seq=2), told(6, seq=1, **BOUNCED)], {5: 2, 6: 1}, id="一付一退_按序号"),
        pytest.param([told(5, seq=2)], {5: 2}, id="只说一笔_按序号"),
        pytest.param([told(5), told(6, **BOUNCED)], None, id="一付一退没有序号_分不清"),
        pytest.param([told(5)], None, id="只说一笔没有序号_分不清"),
        pytest.param([told(5, seq=1), told(6, **BOUNCED)], {5: 1, 6: 2}, id="一笔有序号_另一笔就是剩下的"),
    ],
)
def test_同名同额的两笔(rows: list[Told], expected: dict[int, int] | None) -> None:
    found = reconcile(rows, [line(1), line(2)], issued=DAYS, today=TODAY)
    if expected is None:
        assert {fault.problem for fault in found.mismatches} == {Problem.AMBIGUOUS}
        assert not found.matched
    else:
        assert {pair.told.row: pair.line.seq for pair in found.matched} == expected
        assert found.clean


def test_表里没有提到的待拨付列出来_不拦() -> None:
    found = reconcile([told(5)], [line(1), line(2, amount=Decimal(10000))], issued=DAYS, today=TODAY)
    assert found.clean
    assert [one.seq for one in found.missing] == [2]


_amounts = st.sampled_from([Decimal(10000), Decimal(20000), Decimal(70000)])
_names = st.sampled_from(["示例一号公司", "示例二号公司"])
_states = st.sampled_from([PaymentState.PENDING, PaymentState.PENDING, PaymentState.PAID, PaymentState.BOUNCED])
_lines = st.lists(st.tuples(_names, _amounts, _states), max_size=6).map(
    lambda found: [
        line(n, payee=name, amount=amount, state=state, voucher="V1", settled_on=dt.date(2023, 9, 15))
        for n, (name, amount, state) in enumerate(found, 1)
    ]
)
_rows = st.lists(
    st.tuples(_names, _amounts, st.sampled_from(["", Said.PAID, Said.BOUNCED]), st.sampled_from([None, 1, 2, 3])),
    max_size=8,
).map(
    lambda found: [
        told(n, payee=name, amount=amount, said=said, seq=seq, voucher="V1", reason="户名不符")
        for n, (name, amount, said, seq) in enumerate(found, 5)
    ]
)


@given(_rows, _lines)
def test_每一行恰有一个去处_没有一笔被认领两次(rows: list[Told], lines: list[Line]) -> None:
    found = reconcile(rows, lines, issued=DAYS, today=TODAY)
    went = [one.told.row for one in (*found.matched, *found.repeated, *found.mismatches)]
    went += [one.row for one in found.silent]
    assert sorted(went) == [row.row for row in rows]
    claimed = [one.line.id for one in (*found.matched, *found.repeated)]
    assert len(claimed) == len(set(claimed))
    for pair in found.matched:
        assert pair.line.state == PaymentState.PENDING
        assert (pair.told.batch, spelled(pair.told.payee), pair.told.amount) == (
            pair.line.batch,
            spelled(pair.line.payee),
            pair.line.amount,
        )


@given(_rows, _lines)
def test_行的次序不改变哪些笔得到结果(rows: list[Told], lines: list[Line]) -> None:
    ahead = reconcile(rows, lines, issued=DAYS, today=TODAY)
    back = reconcile(rows[::-1], lines, issued=DAYS, today=TODAY)
    assert ahead.clean == back.clean
    if ahead.clean:
        said = [{pair.line.id: pair.told.said for pair in found.matched} for found in (ahead, back)]
        assert said[0] == said[1]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(70000.0, "70000", id="数字"),
        pytest.param(70000, "70000", id="整数"),
        pytest.param(0.1, "0.1", id="小数不走样"),
        pytest.param("70,000.00", "70000", id="千分位"),
        pytest.param("￥70，000 元", "70000", id="全角、货币符号和元"),
        pytest.param("７００００", "70000", id="全角数字"),
        pytest.param("7万", None, id="万元不猜"),
        pytest.param("柒万元整", None, id="大写不读"),
        pytest.param("-70000", None, id="负数"),
        pytest.param("7e4", None, id="科学记数"),
        pytest.param("", None, id="空"),
        pytest.param(True, None, id="逻辑值"),
        pytest.param(float("nan"), None, id="不是数"),
    ],
)
def test_金额单元格(value: object, expected: str | None) -> None:
    assert read_amount(value) == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("result", "voucher", "reason", "expected"),
    [
        ("支付成功", "", "", Said.PAID),
        ("已拨付", "1", "", Said.PAID),
        ("退 票", "", "户名不符", Said.BOUNCED),
        ("失败", "", "", Said.BOUNCED),
        ("", "2023-1", "", Said.PAID),
        ("", "", "账号已销户", Said.BOUNCED),
        ("", "", "", ""),
        ("处理中", "2023-1", "", "处理中"),
    ],
)
def test_结果单元格(result: str, voucher: str, reason: str, expected: str) -> None:
    assert read_said(result, voucher=voucher, reason=reason) == expected


@pytest.mark.parametrize(
    ("taken", "expected"),
    [
        pytest.param([], 1, id="当年第一批"),
        pytest.param([1, 2], 3, id="接着编"),
        pytest.param([2], 3, id="撤销的号不再用"),
    ],
)
def test_批次序号(taken: list[int], expected: int) -> None:
    assert next_serial(taken) == expected


def test_批次号写法() -> None:
    assert batch_number("330703", 2023, 1) == BATCH
    assert find_numbers("批次号：bf－330703－2023－001（共 3 笔）") == [BATCH]
    assert find_numbers("没有") == []
    with pytest.raises(ValueError, match="从 1"):
        batch_number("330703", 2023, 0)
