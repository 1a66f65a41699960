"""Reads months as social-insurance extracts write them."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from jinhua_labor.core.dates import is_month, months_between
from stations.roster.workbook.cells import text_of

_MONTH = re.compile(r"(\d{4})[-./年]?(\d{1,2})月?(?:份)?", re.ASCII)
_MONTH_DAY = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月]\d{1,2}日?.*", re.ASCII)
_BARE_MONTH = re.compile(r"0?([1-9]|1[0-2])月?(?:份)?", re.ASCII)
_YEAR = re.compile(r"((?:19|20)\d{2})年?(?:度)?", re.ASCII)
_SPAN = re.compile(r"(\d{4}[-./年]?\d{1,2}月?)(?:至|到|~|—|–|--|-)(\d{4}[-./年]?\d{1,2}月?)", re.ASCII)
SPAN_MAX: Final = 240


def read_month(value: object) -> int | None:
    """202103 for 202103, 「2021年3月」, 「2021-03」, 「2021.03」 or a date cell; None if it is no month.

    The number 2021.1 is not read: January and October look the same.
    """
    if isinstance(value, tuple):
        month = value[0] * 100 + value[1]
        return month if is_month(month) else None
    if isinstance(value, float) and not value.is_integer():
        text = f"{value:.2f}"
        if float(text) != value or text.endswith("0"):
            return None
    else:
        text = "".join(unicodedata.normalize("NFKC", text_of(value)).split())
    found = _MONTH.fullmatch(text) or _MONTH_DAY.fullmatch(text)
    if found is None:
        if len(text) == 8 and text.isdigit() and is_month(int(text[:6])):
            return int(text[:6])
        return None
    month = int(found.group(1)) * 100 + int(found.group(2))
    return month if is_month(month) else None


def read_months(value: object) -> list[int] | None:
    """The months a cell names: one, several parted by commas, or a span (202103-202108); None if any is no month."""
    single = read_month(value)
    if single is not None:
        return [single]
    if isinstance(value, tuple | float):
        return None
    text = "".join(unicodedata.normalize("NFKC", text_of(value)).split())
    found: list[int] = []
    for part in re.split("[,、;]", text):
        span = _SPAN.fullmatch(part)
        ends = [read_month(end) for end in (span.groups() if span else (part, part))]
        if ends[0] is None or ends[1] is None or ends[0] > ends[1]:
            return None
        months = list(months_between(ends[0], ends[1]))
        if len(found) + len(months) > SPAN_MAX:
            return None
        found += months
    return found or None


def read_year(value: object) -> int | None:
    match = _YEAR.fullmatch("".join(unicodedata.normalize("NFKC", text_of(value)).split()))
    return int(match.group(1)) if match else None


def read_bare_month(value: object) -> int | None:
    if isinstance(value, tuple):
        return None
    match = _BARE_MONTH.fullmatch("".join(unicodedata.normalize("NFKC", text_of(value)).split()))
    return int(match.group(1)) if match else None
