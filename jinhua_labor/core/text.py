"""Text from people and files: what is kept as it is, what is dropped, what is refused."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_LINE_ENDS = re.compile(r"\r\n?|[\u0085\u2028\u2029\x0b\x0c]")
_MAX_MARKS: Final = 4  # combining marks on one letter; Zalgo floods pile up dozens, no script of a name needs more
_PLAIN = re.compile(r"[\x20-\x7e\u00b7\u3001-\u301b\u4e00-\u9fff\uff01-\uff5e]*")  # nothing to drop, refuse or compose
_MARKS = {"Mn", "Me"}
INTERPUNCT: Final = "\u00b7"
# The dots people type for the one of 买买提·吐尔逊.
_DOTS = dict.fromkeys(map(ord, "•‧・･．.∙⋅●｡。⸱ᐧꞏ˙"), INTERPUNCT)


class TextError(ValueError):
    """The text is refused; `code` is control, surrogate, marks or length, `message` the sentence."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(message)


def clean_text(text: str, *, max_length: int | None = None, multiline: bool = False) -> str:
    """NFC, stripped, without invisible format characters (bidi, zero-width); rare characters and PUA stay.

    `multiline` keeps line breaks as \\n; otherwise they and tabs become one space. Raises TextError for control
    characters, lone surrogates, floods of combining marks, and more than `max_length` characters. NFC and never NFKC:
    a name is stored as written.
    """
    text = text.strip()
    if not _PLAIN.fullmatch(text):
        text = _filtered(text, multiline).strip()
    if max_length is not None and len(text) > max_length:
        raise TextError("length", f"最多 {max_length} 个字，现有 {len(text)} 个字。")
    return text


def _filtered(text: str, multiline: bool) -> str:
    kept, marks = [], 0
    text = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    if not multiline:
        text = text.replace("\n", " ")
    for char in unicodedata.normalize("NFC", text):
        category = unicodedata.category(char)
        if category == "Cf":
            continue
        if category == "Cs":
            raise TextError("surrogate", "含有不完整的字符，请删除后重新输入。")
        if category == "Cc" and char != "\n":
            raise TextError("control", "含有不可见的控制字符，请删除后重新输入。")
        marks = marks + 1 if category in _MARKS else 0
        if marks > _MAX_MARKS:
            raise TextError("marks", "含有过多的叠加符号，请删除后重新输入。")
        kept.append(char)
    return "".join(kept)


def match_key(name: str) -> str:
    """The form in which two spellings of one name meet: NFKC, no spaces, one interpunct, lower case. Never stored as
    the name itself and never shown."""
    return "".join(unicodedata.normalize("NFKC", name).split()).translate(_DOTS).casefold()
