"""委托协会检查 (第六条（二）, R-21): how long it lasts, and what the association may then see of a person."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from jinhua_labor.notices.rules import hide


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


def problem_of_end(ends_on: date, *, on: date) -> str:
    """Why an assignment cannot end on that day; empty where it can."""
    return "截止日期不能早于今天。" if ends_on < on else ""


def not_offered(chosen: Iterable[object], offered: Iterable[object]) -> bool:
    """Whether a file was chosen that may not be shared: of another station, of a secret class, of the office alone."""
    return bool(set(chosen) - set(offered))


_LANDLINE = re.compile(r"(?<!\d)0\d{2,3}[-\s]?\d{7,8}(?!\d)|(?<![\d-])[3-8]\d{6,7}(?![\d-])")


def without_numbers(text: str) -> str:
    """The text with what may be an identity, telephone or account number in stars; days and numbers of files stay."""
    return _LANDLINE.sub(lambda found: "*" * len(found.group()), hide(text))
