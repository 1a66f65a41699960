"""Template filters for what every page shows: dates, money, masked secrets, working days left."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django import template

from jinhua_labor.core import clock, dates, masks
from jinhua_labor.core import money as amounts
from jinhua_labor.core.figures import plain
from jinhua_labor.core.workdays import work_calendar

register = template.Library()


@register.filter
def date_cn(value: dt.date | dt.datetime | None) -> str:
    """2026年4月12日; a moment is first taken to Asia/Shanghai; nothing for None."""
    if not value:
        return ""
    return dates.date_cn(clock.local_date(value) if isinstance(value, dt.datetime) else value)


@register.filter
def points(value: Decimal | int | None) -> str:
    """Points of 附件3 without trailing zeros: 59.5, 90; — where none are given yet."""
    return "—" if value is None else plain(Decimal(value))


@register.filter
def datetime_cn(value: dt.datetime | None) -> str:
    """2026年4月12日 14:32 in Asia/Shanghai; nothing for None."""
    return dates.datetime_cn(value.astimezone(clock.SHANGHAI)) if value else ""


@register.filter
def month_cn(value: int | None) -> str:
    """2021年3月 for 202103; nothing for None."""
    return dates.month_cn(value) if value else ""


@register.filter
def money(value: Decimal | int | None) -> str:
    """40,000 元; nothing for None."""
    return "" if value is None else amounts.yuan(value)


@register.filter
def capitals(value: Decimal | int | None) -> str:
    """柒万元整; nothing for None."""
    return "" if value is None else amounts.capitals(value)


@register.filter
def mask_id(value: str | None) -> str:
    """**************0019, from the full number or its last four characters."""
    return masks.mask_id(value) if value else ""


@register.filter
def mask_name(value: str | None) -> str:
    """测**."""
    return masks.mask_name(value) if value else ""


@register.filter
def mask_phone(value: str | None) -> str:
    """138****0000."""
    return masks.mask_phone(value) if value else ""


@register.filter
def workdays_left(due: dt.date | None) -> int | None:
    """Working days from tomorrow to `due` inclusive; 0 on the last day, negative by the working days it is overdue."""
    if due is None:
        return None
    today, calendar = clock.today(), work_calendar()
    return calendar.workdays_between(today, due) if due >= today else -calendar.workdays_between(due, today)


@register.filter
def workdays_left_cn(due: dt.date | None) -> str:
    """还剩 3 个工作日 · 今日到期 · 已逾期 2 个工作日; nothing for None. A day off after the due day is overdue."""
    left = workdays_left(due)
    if due is None or left is None:
        return ""
    if due < clock.today():
        return f"已逾期 {-left} 个工作日" if left else "已逾期"
    return f"还剩 {left} 个工作日" if left else "今日到期"


# Each names itself after those it descends from, so the descendant is looked for first.
_BROWSERS = (
    *(("MicroMessenger", "微信"), ("QQBrowser", "QQ 浏览器"), ("360SE", "360 浏览器"), ("Edg", "Edge 浏览器")),
    *(("OPR", "Opera 浏览器"), ("Firefox", "Firefox 浏览器"), ("Chrome", "Chrome 浏览器"), ("Safari", "Safari 浏览器")),
)
_SYSTEMS = (
    *(("HarmonyOS", "鸿蒙"), ("Windows", "Windows"), ("Android", "安卓手机"), ("iPhone", "苹果手机")),
    *(("iPad", "苹果平板"), ("Macintosh", "苹果电脑"), ("Linux", "Linux")),
)


@register.filter
def device(user_agent: str) -> str:
    """Chrome 浏览器（Windows）: what a person recognises in the line a browser sends of itself."""
    browser = next((words for mark, words in _BROWSERS if mark in user_agent), "未知浏览器")
    system = next((words for mark, words in _SYSTEMS if mark in user_agent), "")
    return f"{browser}（{system}）" if system else browser
