"""Unified social credit codes (统一社会信用代码, GB 32100-2015)."""

from __future__ import annotations

import unicodedata
from typing import Final, NamedTuple

from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError

_ORG_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_KINDS: Final = {
    "91": "企业",
    "92": "个体工商户",
    "93": "农民专业合作社",
    "52": "民办非企业单位",
    "51": "社会团体",
    "12": "事业单位",
    "11": "机关",
}
MESSAGES: Final = {
    "empty": "统一社会信用代码为空，请填写营业执照上的 18 位代码。",
    "length": "统一社会信用代码应为 18 位，现为 {length} 位，请按营业执照核对。",
    "characters": "统一社会信用代码含有不允许的字符（不使用字母 I、O、S、V、Z），请按营业执照核对。",
    "checksum": "统一社会信用代码校验码不符，请按营业执照核对有无录错。",
}
ORG_WARNING: Final = "第 9～17 位组织机构代码的校验码不符，请核对营业执照；如执照确实如此，可以继续。"


class CreditCodeError(ValueError):
    """The text is no credit code; `code` is a key of MESSAGES, `message` the sentence."""

    def __init__(self, code: str, length: int = 0) -> None:
        self.code = code
        self.message = MESSAGES[code].format(length=length)
        super().__init__(self.message)


class CreditCode(NamedTuple):
    """A checked code, what its first two characters say (企业, 个体工商户… or empty), warnings that block nothing."""

    text: str
    kind: str
    warnings: tuple[str, ...]


def normalise(text: str) -> str:
    """NFKC, upper case, without spaces and hyphens."""
    return "".join(unicodedata.normalize("NFKC", text).split()).replace("-", "").upper()


def parse(text: str) -> CreditCode:
    """The checked code. Raises CreditCodeError; the inner organisation-code check (GB 11714) only warns."""
    number = normalise(text)
    if not number:
        raise CreditCodeError("empty")
    try:
        uscc.validate(number)
    except InvalidLength:
        raise CreditCodeError("length", len(number)) from None
    except InvalidChecksum:
        raise CreditCodeError("checksum") from None
    except ValidationError:
        raise CreditCodeError("characters") from None
    warnings = () if number[16] == organisation_check(number[8:16]) else (ORG_WARNING,)
    return CreditCode(number, _KINDS.get(number[:2], ""), warnings)


def organisation_check(first8: str) -> str:
    """The ninth character of an organisation code (GB 11714-1997): 11 − Σ mod 11, 10 written X, 11 written 0."""
    rest = 11 - sum(int(char, 36) * weight for char, weight in zip(first8, _ORG_WEIGHTS, strict=True)) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))
