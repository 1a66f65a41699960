"""Money in 元 (Decimal): figures for the page, capitals (大写) for payment papers."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_SMALL = ("", "拾", "佰", "仟")
_LARGE = ("", "万", "亿", "万亿")
_LIMIT = Decimal(10) ** 16
CENT = Decimal("0.01")


def yuan(amount: Decimal | int) -> str:
    """「40,000 元」; 角 and 分 only where there are any: 「40,000.50 元」."""
    amount = Decimal(amount).quantize(CENT, ROUND_HALF_UP)
    figures = f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"
    return f"{figures} 元"


def capitals(amount: Decimal | int) -> str:
    """「柒万元整」 after the rules for payment papers (《支付结算办法》附一 正确填写票据和结算凭证的基本规定).

    Rounded to 分. Raises ValueError from 10^16 元 on.
    """
    amount = Decimal(amount).quantize(CENT, ROUND_HALF_UP)
    if abs(amount) >= _LIMIT:
        raise ValueError("金额超出大写范围")
    sign, cents = ("负" if amount < 0 else ""), int(abs(amount) * 100)
    whole, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    text = f"{_integer(whole)}元" if whole else ""
    if not jiao and not fen:
        return f"{sign}{text or '零元'}整"
    if jiao:
        text += f"{_DIGITS[jiao]}角"
    elif whole:
        text += "零"
    return f"{sign}{text}{_DIGITS[fen]}分" if fen else f"{sign}{text}整"


def _integer(number: int) -> str:
    groups: list[int] = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    text, gap = "", False
    for index in range(len(groups) - 1, -1, -1):
        group = groups[index]
        if not group:
            gap = bool(text)
            continue
        if gap or (text and group < 1000):
            text += "零"
        text, gap = text + _below_ten_thousand(group) + _LARGE[index], False
    return text


def _below_ten_thousand(number: int) -> str:
    text, gap = "", False
    for index in range(3, -1, -1):
        digit = number // 10**index % 10
        if digit:
            text += ("零" if gap else "") + _DIGITS[digit] + _SMALL[index]
            gap = False
        else:
            gap = bool(text)
    return text
