"""The document number (发文字号) of an office: one spelling, however it was typed."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_PATTERN = re.compile(r"([一-龥]{2,12})〔((?:19|20)\d{2})〕([1-9]\d{0,4})号")
_BRACKETS = str.maketrans(dict.fromkeys("[(【〔［（{〖〘", "〔") | dict.fromkeys("])】〕］）}〗〙", "〕"))


class DocNoError(ValueError):
    """The text is no document number; the message is Chinese and says what one looks like."""


class DocNo(NamedTuple):
    """A document number in its parts: code of the office (机关代字), year, serial within the year."""

    office: str
    year: int
    serial: int

    def __str__(self) -> str:
        return f"{self.office}〔{self.year}〕{self.serial}号"


def parse_doc_no(text: str) -> DocNo:
    """The parts of a document number typed in any of the usual ways.

    Full-width digits, spaces, any kind of bracket, a 第 before the serial and leading zeros are forgiven
    (GB/T 9704-2012 wants the year in full in 〔〕, no 第, no leading zeros). Raises `DocNoError` for everything else.
    """
    compact = "".join(unicodedata.normalize("NFKC", text).split()).translate(_BRACKETS)
    compact = re.sub(r"〕第?0*(?=\d)", "〕", compact)
    found = _PATTERN.fullmatch(compact)
    if found is None:
        raise DocNoError(
            f"「{text.strip()}」不是规范的发文字号，应形如 金东人社〔2021〕14号：机关代字、〔年份〕、序号、号。"
        )
    return DocNo(found[1], int(found[2]), int(found[3]))


def normalise_doc_no(text: str) -> str:
    """The number as the office prints it: "金东人社[2021]14号" → "金东人社〔2021〕14号". Raises `DocNoError`."""
    return str(parse_doc_no(text))
