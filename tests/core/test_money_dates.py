"""Amounts and dates as the office writes them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinhua_labor.core import dates
from jinhua_labor.core.money import capitals, yuan

VALUES = {char: value for value, char in enumerate("零壹贰叁肆伍陆柒捌玖")}
UNITS = {"拾": 10, "佰": 100, "仟": 1000}


def read_capitals(text: str) -> int:
    """The cents a reader understands; written apart from the writer, digit by digit."""
    whole, _, rest = text.removesuffix("整").rpartition("元")
    cents = total = section = digit = 0
    for char in whole:
        if char in VALUES:
            digit = VALUES[char]
        elif char in UNITS:
            section, digit = section + digit * UNITS[char], 0
        elif char == "万":
            total, section, digit = total + (section + digit) * 10_000, 0, 0
        elif char == "亿":
            total, section, digit = (total + section + digit) * 10**8, 0, 0
    total, section, digit = total + section + digit, 0, 0
    for char in rest:
        if char in VALUES:
            digit = VALUES[char]
        elif char == "角":
            cents += digit * 10
        elif char == "分":
            cents += digit
    return total * 100 + cents


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("70000", "柒万元整"),
        ("0", "零元整"),
        ("10500", "壹万零伍佰元整"),
        ("100000", "壹拾万元整"),
        ("1000001", "壹佰万零壹元整"),
        ("100010000", "壹亿零壹万元整"),
        ("110000000", "壹亿壹仟万元整"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("0.5", "伍角整"),
        ("0.05", "伍分"),
        ("-70000", "负柒万元整"),
    ],
)
def test_capitals(amount: str, words: str) -> None:
    assert capitals(Decimal(amount)) == words


@given(st.integers(min_value=0, max_value=10**13))
def test_capitals_read_back(cents: int) -> None:
    assert read_capitals(capitals(Decimal(cents) / 100)) == cents


def test_capitals_out_of_range() -> None:
    with pytest.raises(ValueError, match="大写"):
        capitals(10**16)


@pytest.mark.parametrize(("amount", "shown"), [(40000, "40,000 元"), (Decimal("40000.5"), "40,000.50 元"), (0, "0 元")])
def test_yuan(amount: Decimal | int, shown: str) -> None:
    assert yuan(amount) == shown


def test_dates() -> None:
    assert dates.date_cn(dt.date(2026, 4, 12)) == "2026年4月12日"
    assert dates.period_cn(dt.date(2021, 4, 1), dt.date(2022, 3, 31)) == "2021年4月1日至2022年3月31日"
    assert dates.weekday_cn(dt.date(2026, 11, 23)) == "星期一"
    assert dates.month_cn(202103) == "2021年3月"


def test_months() -> None:
    assert dates.add_to_month(202112, 1) == 202201
    assert dates.add_to_month(202101, -1) == 202012
    assert list(dates.months_between(202111, 202202)) == [202111, 202112, 202201, 202202]
    assert dates.month_end(202402) == dt.date(2024, 2, 29)
    assert not dates.is_month(202113)
    assert dates.is_month(202112)


@given(st.dates(min_value=dt.date(1950, 1, 1), max_value=dt.date(2090, 1, 1)), st.integers(-600, 600))
def test_moving_a_month_there_and_back(day: dt.date, count: int) -> None:
    month = dates.month_of(day)
    assert dates.add_to_month(dates.add_to_month(month, count), -count) == month
    assert dates.month_start(month) <= day <= dates.month_end(month)


def at_home(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{text}+08:00")


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2026-06-12 14:29:01", "刚刚"),
        ("2026-06-12 14:30:59", "刚刚"),
        ("2026-06-12 14:29:00", "1 分钟前"),
        ("2026-06-12 13:30:01", "59 分钟前"),
        ("2026-06-12 13:30:00", "1 小时前"),
        ("2026-06-12 00:00:00", "14 小时前"),
        ("2026-06-11 23:59:59", "昨天 23:59"),
        ("2026-06-11 00:00:00", "昨天 00:00"),
        ("2026-06-10 23:59:59", "6月10日"),
        ("2025-12-31 08:00:00", "2025年12月31日"),
        ("2026-06-12 16:00:00", "2026年6月12日 16:00"),
    ],
    ids=[
        "59秒",
        "钟快了59秒",
        "满1分钟",
        "不满1小时",
        "满1小时",
        "当天零点",
        "昨天最后一秒",
        "昨天零点",
        "前天",
        "去年",
        "将来",
    ],
)
def test_多久以前只用一个单位(at: str, words: str) -> None:
    assert dates.ago_cn(at_home(at), at_home("2026-06-12 14:30:00")) == words


def test_刚过零点仍按分钟() -> None:
    assert dates.ago_cn(at_home("2026-06-11 23:50:00"), at_home("2026-06-12 00:20:00")) == "30 分钟前"
