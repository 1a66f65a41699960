"""补贴拨付审批表: the grants of one batch with who decided each, the sum in capitals, lines to sign (第十三条)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from jinhua_labor.core.money import capitals

from .official import day
from .render import render


@dataclass(frozen=True, slots=True)
class DecisionStep:
    """初审, 审核 or a step of 审批 of one grant: what it was, who took it, on which day."""

    label: str
    person: str
    on: dt.date


@dataclass(frozen=True, slots=True)
class ApprovalLine:
    """One grant: 承建单位 as payee, 工作站, 补贴项目, why it is owed in words, amount in 元."""

    seq: int
    payee: str
    station: str
    item: str
    basis: str
    amount: Decimal
    steps: tuple[DecisionStep, ...] = ()


@dataclass(frozen=True, slots=True)
class ApprovalSheet:
    """The sheet as the batch froze it. `signatures` are the capacities a pen fills in."""

    number: str
    made_on: dt.date
    office: str
    regulation: str  # the notice by name and number
    lines: Sequence[ApprovalLine]
    signatures: Sequence[str]
    maker: str
    note: str = ""  # which edition it replaces

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))


def approval_sheet_pdf(sheet: ApprovalSheet) -> bytes:
    """补贴拨付审批表 as a PDF: as many A4 pages across as the batch needs, the head repeated. No seal is drawn."""
    rows = [
        {
            "line": line,
            "amount": f"{line.amount:,.2f}",
            "steps": "；".join(f"{one.label}：{one.person}（{day(one.on)}）" for one in line.steps),
        }
        for line in sheet.lines
    ]
    context = {
        "sheet": sheet,
        "rows": rows,
        "made_on": day(sheet.made_on),
        "total": f"{sheet.total:,.2f}",
        "capitals": capitals(sheet.total),
    }
    return render("payment_approval.html", context, style="payment_approval")[0]
