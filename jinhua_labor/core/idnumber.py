"""Citizen identity numbers (公民身份号码, GB 11643-1999): own check, because the libraries refuse valid old cards."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from jinhua_labor.core.provinces import ID_PREFIXES

_CHECK_DIGITS: Final = "0123456789X"
_EARLIEST: Final = dt.date(1900, 1, 1)
_SCIENTIFIC = re.compile(r"^[+-]?\d+(\.\d+)?E[+-]?\d+$")
_INVISIBLE = {"Cf", "Cc"}

# Code → what a clerk reads. Every sentence ends by saying what to do.
MESSAGES: Final[dict[str, str]] = {
    "empty": "身份证号为空，请填写 18 位公民身份号码。",
    "number": "身份证号是数值格式，15 位以后的数字已丢失，无法还原。请把该列设为文本后按证件重新填写。",
    "scientific": "身份证号被表格软件改成了科学计数（{text}），后几位已丢失。请把该列设为文本后重新粘贴。",
    "rounded": "身份证号末三位为 000 且校验码不符，可能被表格软件当作数值舍入。请把该列设为文本后按证件重新填写。",
    "fifteen": "身份证号为 15 位，一代证已于 2013 年停止使用。请填写现用证件上的 18 位号码。",
    "length": "身份证号应为 18 位，现为 {length} 位。请按证件核对。",
    "characters": "身份证号含有数字和末位 X 以外的字符，请按证件核对。",
    "province": "身份证号前两位「{prefix}」不是省级代码，请按证件核对。",
    "birth": "身份证号中的出生日期「{birth}」不存在，请按证件核对。",
    "century": "身份证号中的出生日期「{birth}」早于 1900 年，请按证件核对。",
    "future": "身份证号中的出生日期「{birth}」晚于今天，请按证件核对。",
    "checksum": "身份证号校验码不符（末位应与前 17 位对应），请按证件核对有无录错。",
}


class IdNumberError(ValueError):
    """The text is not an identity number; `code` is a key of MESSAGES, `message` says what to do."""

    def __init__(self, code: str, text: str = "") -> None:
        self.code = code
        self.message = explain(code, text)
        super().__init__(self.message)


class IdNumber(NamedTuple):
    """A checked number: normalised text, birth date, sex `M` or `F`, province code of its first two digits.

    The province is where the number was first given, for life: a hint, not the hukou (《居民身份证法》第3条).
    """

    text: str
    birth: dt.date
    sex: str
    province: str


def explain(code: str, text: str = "") -> str:
    """The sentence for an error code, with the parts of `text` that help; the full number is never repeated."""
    return MESSAGES[code].format(text=text[:24], length=len(text), prefix=text[:2], birth=text[6:14])


def normalise(text: str) -> str:
    """NFKC, without spaces, invisible characters and a leading apostrophe, in upper case."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        text = "".join(char for char in text if unicodedata.category(char) not in _INVISIBLE)
    return "".join(text.split()).lstrip("'‘’`").upper()


def check_digit(first17: str) -> str:
    """The 18th character for 17 digits. 13 ≡ 2 (mod 11), so base 13 carries the standard's weights 2^(18−i)."""
    return _CHECK_DIGITS[(1 - 2 * int(first17, 13)) % 11]


_births: dict[str, dt.date] = {}  # at most the days since 1900: a roster repeats them


def _birth(digits: str) -> dt.date | None:
    try:
        born = dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
    _births[digits] = born
    return born


def examine(value: object, today: dt.date) -> IdNumber | str:
    """The checked number, or the code of the first thing wrong with it. Does not raise; about 1.5 µs for a good one.

    A number cell (int, float) is `number` whatever its digits: the sheet has already lost some of them.
    """
    if not isinstance(value, str):
        return "empty" if value is None else "number"
    text = value
    if len(text) != 18 or not text.isascii() or text[17] not in _CHECK_DIGITS:
        text = normalise(value)
        if len(text) != 18:
            return _why_not_18(text)
    head = text[:17]
    if not (text.isascii() and head.isdigit() and text[17] in _CHECK_DIGITS):
        return "scientific" if _SCIENTIFIC.match(text) else "characters"
    born = _births.get(text[6:14]) or _birth(text[6:14])
    if born is None:
        return "birth"
    if born > today:
        return "future"
    if born < _EARLIEST:
        return "century"
    province = ID_PREFIXES.get(text[:2])
    if province is None:
        return "province"
    if _CHECK_DIGITS[(1 - 2 * int(head, 13)) % 11] != text[17]:
        return "rounded" if text.endswith("000") else "checksum"
    return IdNumber(text, born, "M" if text[16] in "13579" else "F", province)


def _why_not_18(text: str) -> str:
    if not text:
        return "empty"
    if _SCIENTIFIC.match(text):
        return "scientific"
    if len(text) == 15 and text.isascii() and text.isdigit():
        return "fifteen"
    return "length"


def check(value: object, today: dt.date | None = None) -> str | None:
    """None for a right number, else the error code; for long lists."""
    found = examine(value, today or _today())
    return found if isinstance(found, str) else None


def parse(value: object, today: dt.date | None = None) -> IdNumber:
    """The checked number. Raises IdNumberError with a code and a sentence in Chinese (§3.1 of GB 11643)."""
    found = examine(value, today or _today())
    if isinstance(found, str):
        raise IdNumberError(found, normalise(value) if isinstance(value, str) else "")
    return found


@lru_cache(maxsize=1)
def _shanghai() -> ZoneInfo:
    return ZoneInfo("Asia/Shanghai")


def _today() -> dt.date:
    # Only bounds a birth date, so the real day serves; the movable clock needs Django, which this module does not.
    return dt.datetime.now(_shanghai()).date()
