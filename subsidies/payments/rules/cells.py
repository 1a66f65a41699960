"""What a cell of the returned sheet means: an amount, a result. Pure."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from subsidies.payments.enums import Said

_AMOUNT = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_PAID = ("已拨付", "拨付成功", "已支付", "支付成功", "已付", "成功", "已到账", "到账", "已入账", "完成")
_BOUNCED = ("退票", "已退票", "退回", "已退回", "失败", "支付失败", "拨付失败", "未成功", "未到账", "退汇")


def read_amount(value: object) -> Decimal | None:
    """The amount in 元, or None for what is none: 「70,000.00」, 「￥70000 元」, 70000.0 are the same.

    Never rounds: what has more than two decimals stays so and equals no amount due. Text in 万元 is not guessed.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        text = repr(value)
    else:
        text = unicodedata.normalize("NFKC", str(value)).replace(",", "")
        text = "".join(text.split()).lstrip("¥").removesuffix("元")
    if not _AMOUNT.fullmatch(text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def read_said(result: str, *, voucher: str, reason: str) -> str:
    """What the row says: PAID, BOUNCED, the word itself where it is neither, empty where all three cells are.

    A voucher without a word means paid, a reason without either means bounced.
    """
    word = "".join(unicodedata.normalize("NFKC", result).split())
    if word in _PAID:
        return Said.PAID
    if word in _BOUNCED:
        return Said.BOUNCED
    if word:
        return word
    if voucher:
        return Said.PAID
    return Said.BOUNCED if reason else ""
