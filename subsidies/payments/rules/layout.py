"""Layout of the payment sheet as the office sets it: which columns, in which order, under which titles. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

NEEDED = ("batch", "payee", "bank", "account", "amount", "capitals")
"""Without these the bank cannot pay and the sheet that comes back cannot be read."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the sheet: its name here, its title there, its width in characters, how its cells look."""

    name: str
    title: str
    width: float
    kind: str = "text"  # text, money, number, blank (left to the bank's pen)


KNOWN: Mapping[str, Column] = {
    column.name: column
    for column in (
        Column("seq", "序号", 6, "number"),
        Column("batch", "批次号", 21),
        Column("grant", "补贴编号", 24),
        Column("payee", "收款单位", 32),
        Column("bank", "开户银行", 26),
        Column("account", "银行账号", 26),
        Column("station", "工作站", 26),
        Column("item", "补贴项目", 18),
        Column("amount", "拨付金额（元）", 15, "money"),
        Column("capitals", "金额大写", 22),
        Column("result", "拨付结果", 12, "blank"),
        Column("voucher", "凭证号", 16, "blank"),
        Column("paid_on", "拨付日期", 13, "blank"),
        Column("reason", "退票原因", 18, "blank"),
        Column("remark", "备注", 14, "blank"),
    )
}


class LayoutError(ValueError):
    """The setting names no column, or leaves out one that is needed; the message is Chinese."""


def read_layout(words: Sequence[str]) -> tuple[Column, ...]:
    """The columns of `["seq", "payee=收款人全称", …]`. Raises LayoutError."""
    found: list[Column] = []
    for word in words:
        name, _, title = word.partition("=")
        column = KNOWN.get(name.strip())
        if column is None:
            raise LayoutError(f"拨付表没有「{name.strip()}」这一列，可用：{'、'.join(KNOWN)}。")
        if any(column.name == one.name for one in found):
            raise LayoutError(f"拨付表的「{column.name}」列写了两次。")
        found.append(Column(column.name, title.strip() or column.title, column.width, column.kind))
    if lacking := [name for name in NEEDED if name not in {one.name for one in found}]:
        raise LayoutError(f"拨付表缺少必需的列：{'、'.join(lacking)}。")
    titles = [one.title for one in found]
    if len(set(titles)) < len(titles):
        raise LayoutError("拨付表有两列标题相同。")
    return tuple(found)
