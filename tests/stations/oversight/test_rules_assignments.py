"""R-21: how long an assignment opens anything, and what stays of a text."""

from __future__ import annotations

import datetime as dt

import pytest

from stations.oversight.rules.assignments import (
    Term,
    lasts,
    not_offered,
    problem_of_end,
    state_of,
    without_numbers,
)

FIRST, LAST = dt.date(2023, 3, 1), dt.date(2023, 3, 31)


@pytest.mark.parametrize(
    ("on", "ended", "open_", "label"),
    [
        pytest.param("2023-02-28", False, False, "已到期", id="委托前一日"),
        pytest.param("2023-03-01", False, True, "进行中", id="委托当日"),
        pytest.param("2023-03-30", False, True, "进行中", id="截止前一日"),
        pytest.param("2023-03-31", False, True, "今天截止", id="截止当日仍开放"),
        pytest.param("2023-04-01", False, False, "已到期", id="截止次日不再开放"),
        pytest.param("2023-03-15", True, False, "中心已结束", id="中心提前结束"),
        pytest.param("2023-03-31", True, False, "中心已结束", id="截止当日已被结束"),
    ],
)
def test_委托期间(on: str, ended: bool, open_: bool, label: str) -> None:
    term, day = Term(FIRST, LAST, ended=ended), dt.date.fromisoformat(on)
    assert lasts(term, on=day) is open_
    assert state_of(term, on=day)[1] == label


@pytest.mark.parametrize(
    ("ends_on", "fine"),
    [
        pytest.param("2023-02-28", False, id="昨天"),
        pytest.param("2023-03-01", True, id="今天"),
        pytest.param("2023-03-02", True, id="明天"),
    ],
)
def test_截止日期不早于今天(ends_on: str, fine: bool) -> None:
    assert bool(problem_of_end(dt.date.fromisoformat(ends_on), on=FIRST)) is not fine


def test_只能选可以提供的文件() -> None:
    assert not not_offered([1, 2], [1, 2, 3])
    assert not not_offered([], [])
    assert not_offered([1, 4], [1, 2, 3])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("联系13800000000核实", "联系***********核实", id="手机号"),
        pytest.param("电话0579-82190000", "电话*************", id="座机"),
        pytest.param("电话82190000", "电话********", id="没有区号的座机"),
        pytest.param("证件519999199001010017", "证件" + "*" * 18, id="身份证号"),
        pytest.param("证件５１９９９９１９９００１０１００１７", "证件" + "*" * 18, id="全角身份证号"),
        pytest.param("走访ZF-330703-20230412-001", "走访ZF-330703-20230412-001", id="编号不遮"),
        pytest.param("2023-03-01前补齐2份合同", "2023-03-01前补齐2份合同", id="日期不遮"),
    ],
)
def test_问题文字里的号码遮盖(text: str, shown: str) -> None:
    assert without_numbers(text) == shown
