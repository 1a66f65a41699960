"""What a fiscal year still has, and what the running years may ask for."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinhua_labor.core.workdays import WorkCalendar
from jinhua_labor.policy.load import versions
from subsidies.payments.rules.budget import Budget, Range, YearAhead, fiscal_year_of, forecast_of, summed
from subsidies.payments.rules.layout import KNOWN, NEEDED, LayoutError, read_layout

POLICY = versions()[0]
WAN = Decimal(10000)


def ahead(total: str, *gains: str, vetoed: bool = False, judged: str = "0") -> YearAhead:
    return YearAhead(Decimal(total), tuple(map(Decimal, gains)), vetoed, Decimal(judged), dt.date(2023, 5, 31))


@pytest.mark.parametrize(
    ("year", "low", "high"),
    [
        pytest.param(ahead("55"), 0, 0, id="55分没有可做的"),
        pytest.param(ahead("55", "5"), 0, 4, id="55分再得5分正好60"),
        pytest.param(ahead("59.5", "0.5"), 0, 4, id="差半分"),
        pytest.param(ahead("69.5", "0.5"), 4, 5, id="69.5到70换档"),
        pytest.param(ahead("78", "5", "10"), 5, 7, id="几步一起"),
        pytest.param(ahead("85", judged="10"), 6, 7, id="创新满分"),
        pytest.param(ahead("95", "10"), 7, 7, id="不超过100"),
        pytest.param(ahead("95", vetoed=True), 0, 0, id="一票否决"),
    ],
)
def test_一个年度的预测(year: YearAhead, low: int, high: int) -> None:
    assert forecast_of(year, policy=POLICY) == Range(low * WAN, high * WAN)


@given(
    st.decimals(0, 100, places=1),
    st.lists(st.decimals(0, 15, places=1), max_size=6),
    st.booleans(),
    st.decimals(0, 10, places=1),
)
def test_下限不高于上限_都是文件里的档(total: Decimal, gains: list[Decimal], vetoed: bool, judged: Decimal) -> None:
    found = forecast_of(YearAhead(total, tuple(gains), vetoed, judged, dt.date(2023, 5, 31)), policy=POLICY)
    tiers = {Decimal(0), *(tier.amount for tier in POLICY.tiers)}
    assert found.low <= found.high
    assert {found.low, found.high} <= tiers


def budget(planned: int | None, committed: int = 0, paid: int = 0, reviewing: int = 0, low: int = 0, high: int = 0):  # type: ignore[no-untyped-def]
    return Budget(
        2023,
        None if planned is None else planned * WAN,
        committed * WAN,
        paid * WAN,
        reviewing * WAN,
        Range(low * WAN, high * WAN),
    )


@pytest.mark.parametrize(
    ("found", "left", "words"),
    [
        pytest.param(budget(None, 7), None, "还没有录入", id="没有预算"),
        pytest.param(budget(80, 20, 30, 5, 10, 25), 30, "够用", id="最多也不超"),
        pytest.param(budget(80, 20, 30, 5, 10, 26), 30, "可能不足", id="上限多一万"),
        pytest.param(budget(64, 20, 30, 5, 10, 25), 14, "预算不足", id="下限也超"),
        pytest.param(budget(50, 20, 30), 0, "够用", id="正好用完"),
        pytest.param(budget(49, 20, 30), -1, "超过预算", id="已批准的就超了"),
    ],
)
def test_预算够不够(found: Budget, left: int | None, words: str) -> None:
    assert found.left == (None if left is None else left * WAN)
    assert words in found.verdict


@pytest.mark.parametrize(
    ("ends_on", "today", "expected"),
    [
        pytest.param(dt.date(2023, 5, 31), dt.date(2023, 3, 1), 2023, id="五月期满当年拨"),
        pytest.param(dt.date(2023, 11, 30), dt.date(2023, 3, 1), 2024, id="十一月底期满来年拨"),
        pytest.param(dt.date(2023, 5, 31), dt.date(2024, 2, 1), 2024, id="拖到来年"),
    ],
)
def test_预算年度(ends_on: dt.date, today: dt.date, expected: int) -> None:
    assert fiscal_year_of(ends_on, today=today, policy=POLICY, calendar=WorkCalendar.bundled()) == expected


def test_区间相加() -> None:
    assert summed([Range(WAN, 2 * WAN), Range(WAN, WAN)]) == Range(2 * WAN, 3 * WAN)
    assert summed([]) == Range()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        pytest.param([*NEEDED, "color"], "没有「color」", id="没有的列"),
        pytest.param([*NEEDED, "payee"], "写了两次", id="两次"),
        pytest.param(["seq", "payee", "amount"], "缺少必需的列：batch、bank", id="缺列"),
        pytest.param([*NEEDED, "remark=收款单位"], "标题相同", id="标题相同"),
    ],
)
def test_拨付表列设置有误(words: list[str], message: str) -> None:
    with pytest.raises(LayoutError, match=message):
        read_layout(words)


def test_拨付表列的次序和标题照设置() -> None:
    found = read_layout(["account=收款账号", *[name for name in NEEDED if name != "account"], "voucher"])
    assert [column.name for column in found][:2] == ["account", "batch"]
    assert found[0].title == "收款账号"
    assert found[-1].title == KNOWN["voucher"].title
