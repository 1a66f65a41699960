"""委托协会检查 (第六条（二）, R-21): how long it lasts, and what the association may then see of a person."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.masks import mask_name
from jinhua_labor.notices.rules import hide, scan
from jinhua_labor.policy.types import Settings


@dataclass(frozen=True, slots=True)
class Term:
    """From the day it was assigned through the end date, both included, unless the centre ended it before."""

    starts_on: date
    ends_on: date
    ended: bool = False


def lasts(term: Term, *, on: date) -> bool:
    """Whether anything of the station opens by this assignment on that day, and an opinion may be handed in."""
    return not term.ended and term.starts_on <= on <= term.ends_on


def state_of(term: Term, *, on: date) -> tuple[str, str]:
    """(state of the pill, words): 进行中, 今天截止, 已到期 or 已结束."""
    if term.ended:
        return "WITHDRAWN", "中心已结束"
    if not lasts(term, on=on):
        return "EXPIRED", "已到期"
    return "ACTIVE", "今天截止" if on == term.ends_on else "进行中"


def last_end(on: date, *, settings: Settings) -> date:
    """The last day until which the association may be asked on that day (R-21: every assignment has an end)."""
    return on + timedelta(days=settings.assignment_max_days)


def problem_of_end(ends_on: date, *, on: date, settings: Settings) -> str:
    """Why an assignment cannot end on that day; empty where it can."""
    if ends_on < on:
        return "截止日期不能早于今天。"
    if ends_on > (last := last_end(on, settings=settings)):
        return (
            f"一项委托最长{settings.assignment_max_days}天，截止日期不能晚于{date_cn(last)}；"
            "需要更长时间的，到期后另行委托。"
        )
    return ""


def not_offered(chosen: Iterable[object], offered: Iterable[object]) -> bool:
    """Whether a file was chosen that may not be shared: of another station, of a secret class, of the office alone."""
    return bool(set(chosen) - set(offered))


def name_tells(file_name: str) -> bool:
    """Whether the name of a file has an identity or mobile number; the digits a telephone gives its photos are none."""
    return any(one.kind in ("身份证号", "手机号") for one in scan(file_name))


_LANDLINE = re.compile(r"(?<!\d)0\d{2,3}[-\s]?\d{7,8}(?!\d)|(?<![\d-])[3-8]\d{6,7}(?![\d-])")


def without_numbers(text: str) -> str:
    """The text with what may be an identity, telephone or account number in stars; days and numbers of files stay."""
    return hide(text, _LANDLINE)


def without_names(text: str, names: Iterable[str]) -> str:
    """The text with each of these people's names as 「测**」; a name that holds another one goes first."""
    for name in sorted(set(names), key=len, reverse=True):
        text = text.replace(name, mask_name(name))
    return text
