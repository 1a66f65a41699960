"""What one cell means: dates in every spelling people use, text, and numbers that should have been text."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Final

from jinhua_labor.core.text import TextError, clean_text

_EPOCH_1900: Final = dt.date(1899, 12, 30)
_EPOCH_1904: Final = dt.date(1904, 1, 1)
_FIRST_SERIAL, _LAST_SERIAL = 18_264, 73_415  # 1950-01-01 … 2100-12-31 in the 1900 system
_YEARS = range(1950, 2101)
# The time of day goes before spaces do: without its space 「2024.3.1 12:30」 would be the 11th.
_TIME = re.compile(r"(?:[T\s]|(?<=[日号]))\s*\d{1,2}[:时].*$", re.ASCII | re.DOTALL)
_SEPARATED = re.compile(r"(\d{4})[-./年,、。](\d{1,2})[-./月,、。](\d{1,2})[日号]?[.。]?", re.ASCII)
_DASHES = dict.fromkeys(map(ord, "－—–‐‑−"), "-")
_EIGHT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\.0)?", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)
_MONTH_ONLY = re.compile(r"\d{4}[-./年](?:0?[1-9]|1[0-2])月?", re.ASCII)
_SHORT_YEAR = re.compile(r"'?\d{2}[-./年]\d{1,2}[-./月]\d{1,2}[日号]?", re.ASCII)
_DAY_FIRST = re.compile(r"\d{1,2}[-./]\d{1,2}[-./]\d{4}", re.ASCII)

# Code → what the clerk does; {text} is what the cell shows.
DATE_MESSAGES: Final[dict[str, str]] = {
    "date_empty": "{label}为空，请填写年月日，如 2024-03-05。",
    "date_month": "{label}「{text}」只有年月，请补填到日，如 2024-03-05。",
    "date_short_year": "{label}「{text}」的年份只有两位，请写成四位年份，如 2024-03-05。",
    "date_order": "{label}「{text}」分不清月和日，请按年月日填写，如 2024-03-05。",
    "date_impossible": "{label}「{text}」不是存在的日期，请核对。",
    "date_range": "{label}「{text}」不在 1950 年至 2100 年之间，请核对。",
    "date_unreadable": "{label}「{text}」不是日期，请写成 2024-03-05 或 2024年3月5日。",
}


def text_of(value: object) -> str:
    """The cell as text: whole numbers without .0, dates as 2024-03-05, nothing for None."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        return "{:04d}-{:02d}-{:02d}".format(*value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, float):
        return repr(value).upper()
    return str(value)


def read_date(value: object, *, date1904: bool = False) -> dt.date | str:
    """The day a cell means, or a key of DATE_MESSAGES. Pure; the same cell always means the same day.

    Date cells, serial numbers of both systems, 20240305, and 2024.3.5, 2024/3/5, 2024年3月5日 in any width are read; a
    month alone, a two-digit year or a day-first date is never guessed.
    """
    if isinstance(value, tuple):
        return _day(*value)
    if isinstance(value, bool):
        return "date_unreadable"
    if isinstance(value, int | float):
        return _number(float(value), date1904)
    typed = unicodedata.normalize("NFKC", text_of(value)).translate(_DASHES).strip()
    text = "".join(_TIME.sub("", typed).split()).lstrip("'‘’")
    if not text:
        return "date_empty"
    if found := _SEPARATED.fullmatch(text) or _EIGHT.fullmatch(text):
        return _day(*(int(part) for part in found.groups()))
    if found := _SERIAL.fullmatch(text):
        return _number(float(found.group(1)), date1904)
    for pattern, code in ((_MONTH_ONLY, "date_month"), (_SHORT_YEAR, "date_short_year"), (_DAY_FIRST, "date_order")):
        if pattern.fullmatch(text):
            return code
    return "date_unreadable"


def _day(year: int, month: int, day: int) -> dt.date | str:
    if year not in _YEARS:
        return "date_range"
    try:
        return dt.date(year, month, day)
    except ValueError:
        return "date_impossible"


def _number(value: float, date1904: bool) -> dt.date | str:
    if value.is_integer() and 19_500_101 <= value <= 21_001_231:
        whole = int(value)
        return _day(whole // 10_000, whole // 100 % 100, whole % 100)
    if 1950 <= value < 2101 and value != int(value):
        return "date_month"  # 2024.3 typed as a number; 2024.10 arrives as 2024.1, so the month is lost as well
    days = value + 1462 if date1904 else value
    if _FIRST_SERIAL <= days < _LAST_SERIAL + 1:
        return (_EPOCH_1904 if date1904 else _EPOCH_1900) + dt.timedelta(days=int(value))
    return "date_unreadable"


def date_message(code: str, label: str, value: object) -> str:
    """The sentence for a code of `read_date`."""
    return DATE_MESSAGES[code].format(label=label, text=text_of(value)[:30])


def read_text(value: object, label: str, max_length: int) -> tuple[str, str | None]:
    """The cleaned text of a cell and, if it cannot be taken, the sentence why (then the text is what can be shown)."""
    try:
        return clean_text(text_of(value), max_length=max_length), None
    except TextError as error:
        shown = "".join(char for char in text_of(value) if char.isprintable())[:max_length]
        return shown, f"{label}{error.message}"


def column_letter(index: int) -> str:
    """A for 0, Z for 25, AA for 26: the column as the spreadsheet names it."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
