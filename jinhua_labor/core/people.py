"""Names of persons and telephone numbers."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from jinhua_labor.core.text import TextError, clean_text

NAME_MAX: Final = 50
_PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(-\d{1,5})?", re.ASCII)
_DASHES = dict.fromkeys(map(ord, "－—–‐‑−"), "-")
PHONE_MESSAGE: Final = "联系电话应为 11 位手机号，或带区号的固定电话（如 0579-82190000，分机写作 0579-82190000-8001）。"
_NAME_DOTS: Final = "·•‧・．."


def clean_name(text: str) -> str:
    """A person's name as written: NFC, stripped, 1 to 50 characters. Raises TextError.

    Never NFKC and never shortened: the name must equal the one on the card, rare characters and interpunct included.
    """
    name = clean_text(text, max_length=NAME_MAX)
    if not name:
        raise TextError("empty", "姓名为空，请填写证件上的姓名。")
    return name


def name_warning(name: str) -> str | None:
    """A sentence if the name holds something other than letters, · and inner spaces; a warning, never a refusal."""
    odd = [
        char
        for char in name
        if not (unicodedata.category(char)[0] in "LM" or unicodedata.category(char) == "Co" or char in _NAME_DOTS + " ")
    ]
    return f"姓名含有「{''.join(dict.fromkeys(odd))}」，请按证件核对。" if odd else None


def clean_phone(text: str) -> str:
    """A mobile or landline number without spaces, in half-width digits. Raises TextError with an example."""
    number = "".join(unicodedata.normalize("NFKC", text).split()).translate(_DASHES)
    number = number.removeprefix("+86")
    if not _PHONE.fullmatch(number):
        raise TextError("phone", PHONE_MESSAGE)
    return number
