"""Dates and months as the office writes them, and insurance months (费款所属期) as integers 202103."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator

_WEEKDAYS = "一二三四五六日"


def date_cn(day: dt.date) -> str:
    """2026年4月12日: no leading zeros, as in GB/T 9704-2012."""
    return f"{day.year}年{day.month}月{day.day}日"


def datetime_cn(moment: dt.datetime) -> str:
    """2026年4月12日 14:32, in the moment's own zone: convert to Asia/Shanghai first."""
    return f"{date_cn(moment)} {moment:%H:%M}"


def ago_cn(at: dt.datetime, now: dt.datetime) -> str:
    """How long ago in one unit: 刚刚, 5 分钟前, 2 小时前, 昨天 09:05, then the day (the year only where it is another).

    Both moments in the zone whose calendar days the reader lives in; a moment to come is named by its day and time.
    """
    seconds = int((now - at).total_seconds())
    days = (now.date() - at.date()).days
    if -60 < seconds < 60:  # clocks of two machines differ a little
        return "刚刚"
    if seconds < 0:
        return datetime_cn(at)
    if seconds < 3600:
        return f"{seconds // 60} 分钟前"
    if days == 0:
        return f"{seconds // 3600} 小时前"
    return f"昨天 {at:%H:%M}" if days == 1 else day_ago_cn(at.date(), now.date())


def day_ago_cn(day: dt.date, today: dt.date) -> str:
    """今天, 昨天, or the day, with its year only where that is another."""
    near = {0: "今天", 1: "昨天"}.get((today - day).days)
    return near or (f"{day.month}月{day.day}日" if day.year == today.year else date_cn(day))


def weekday_cn(day: dt.date) -> str:
    """星期日 and so on."""
    return f"星期{_WEEKDAYS[day.weekday()]}"


def period_cn(start: dt.date, end: dt.date) -> str:
    """2021年4月1日至2022年3月31日; both days belong to the period."""
    return f"{date_cn(start)}至{date_cn(end)}"


def month_of(day: dt.date) -> int:
    """The month a day lies in, as 202103."""
    return day.year * 100 + day.month


def is_month(month: int) -> bool:
    """Whether the integer is a month such as 202103 (years 1900 to 2100)."""
    return 190001 <= month <= 210012 and 1 <= month % 100 <= 12


def add_to_month(month: int, count: int) -> int:
    """The month `count` months later (earlier if negative): 202112 + 1 = 202201."""
    year, index = divmod(month // 100 * 12 + month % 100 - 1 + count, 12)
    return year * 100 + index + 1


def months_between(first: int, last: int) -> Iterator[int]:
    """The months from `first` to `last`, both included; none if `last` is earlier."""
    while first <= last:
        yield first
        first = add_to_month(first, 1)


def month_start(month: int) -> dt.date:
    """The first day of 202103."""
    return dt.date(month // 100, month % 100, 1)


def month_end(month: int) -> dt.date:
    """The last day of 202103."""
    return dt.date(month // 100, month % 100, calendar.monthrange(month // 100, month % 100)[1])


def month_cn(month: int) -> str:
    """2021年3月 for 202103."""
    return f"{month // 100}年{month % 100}月"
