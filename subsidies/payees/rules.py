"""收款账户 as pure functions: what may be handed in, from which day a change is in force (R-46)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from jinhua_labor.policy.types import Settings

SHORTEST, LONGEST = 9, 30
"""Digits of an account of a unit with any bank (对公账户 are 12 to 22 long as a rule)."""
_GAPS = re.compile(r"[\s\-—·]")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and the field that mends it."""

    message: str
    field: str = ""


def tidy(number: str) -> str:
    """The digits of an account as people write it: full-width, with gaps and dashes."""
    return _GAPS.sub("", unicodedata.normalize("NFKC", number))


def same_name(holder: str, unit: str) -> bool:
    """Whether 户名 is the unit's name: brackets and gaps may be written either way, nothing else (R-46)."""
    return _plain(holder) == _plain(unit)


def problems(*, holder: str, bank: str, number: str, unit: str) -> tuple[Problem, ...]:
    """Why an account cannot be handed in."""
    found = []
    if not same_name(holder, unit):
        found.append(Problem(f"户名须与承建单位名称“{unit}”一致，不能付给其他单位或个人。", "holder"))
    if not bank.strip():
        found.append(Problem("请填写开户银行，写到支行或分理处。", "bank"))
    digits = tidy(number)
    if not digits.isascii() or not digits.isdigit():
        found.append(Problem("账号只能是数字，请核对是否抄写有误。", "number"))
    elif not SHORTEST <= len(digits) <= LONGEST:
        found.append(Problem(f"账号应为{SHORTEST}至{LONGEST}位数字，现在是{len(digits)}位。", "number"))
    return tuple(found)


def effective_on(confirmed_on: date, *, first: bool, settings: Settings) -> date:
    """The day money may go to the account: at once where the unit had none, else after `account_change_days`."""
    return confirmed_on if first else confirmed_on + timedelta(days=settings.account_change_days)


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())
