"""What an applicant is handed: the receipt, the one-time notice of what to supply, acceptance, refusal.

Plain papers on the grid of GB/T 9704-2012 without red head; the office seals the print.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.timezone import localtime

from jinhua_labor.core.money import capitals, yuan

from .official import BUREAU, Paragraph, day, signature, typeset_blocks
from .render import render
from .typeset import balanced, paragraph

CENTRE = "金华市金东区就业服务中心"
_STATION = "金东区省外劳务协作工作站"


@dataclass(frozen=True, slots=True)
class ReceiptItem:
    """One file received."""

    material: str
    file_name: str
    size: int  # bytes
    sha256: str  # hexadecimal
    copies: str = ""  # 纸质份数, for example 「复印件2份」; empty where none was handed in


@dataclass(frozen=True, slots=True)
class Receipt:
    """收件回执: what was received, when, with the digests that prove it."""

    number: str  # 受理编号
    applicant: str
    matter: str  # 申请事项
    received_at: dt.datetime  # aware; printed in the portal's time zone
    items: tuple[ReceiptItem, ...]
    channel: str = "网上提交"
    workers: int = 0  # rows of the roster handed in
    accepted_on: dt.date | None = None  # 受理日期, once it is known
    next_step: str = ""  # what happens now, and until when
    contact: str = ""
    issuer: str = CENTRE


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing to mend: where it is, what is wrong, what to do."""

    where: str
    problem: str
    to_do: str = ""


@dataclass(frozen=True, slots=True)
class SupplementNotice:
    """补正通知书 (R-16): every defect at once, the last day, and who to ask."""

    number: str
    applicant: str
    application_no: str
    received_on: dt.date
    defects: tuple[Defect, ...]
    deadline: dt.date
    workdays: int
    contact: str  # name of the office or person and telephone
    issued_on: dt.date | None
    again: bool = False  # a later notice may only name what came new
    issuer: str = CENTRE


@dataclass(frozen=True, slots=True)
class Acceptance:
    """受理通知书: the file is complete; the promised days begin."""

    number: str
    applicant: str
    application_no: str
    accepted_on: dt.date
    workdays: int  # 承诺时限
    contact: str
    issued_on: dt.date | None
    issuer: str = CENTRE


@dataclass(frozen=True, slots=True)
class Refusal:
    """不予设立决定书 (R-18): reason, clause, and how to object."""

    number: str
    applicant: str
    application_no: str
    submitted_on: dt.date
    reason: str
    clause: str  # for example 第三条第（四）项
    remedy: str  # 救济途径, as the office words it
    issued_on: dt.date | None
    issuer: str = BUREAU


@dataclass(frozen=True, slots=True)
class RevocationWarning:
    """取消资格事先告知书 (R-33): facts, grounds, and the right to state and defend until the last day."""

    number: str
    unit: str
    station: str
    facts: str
    grounds: tuple[str, ...]
    workdays: int
    until: dt.date | None  # None while it is a draft
    issued_on: dt.date | None
    issuer: str = CENTRE


@dataclass(frozen=True, slots=True)
class RecoveryNotice:
    """追回通知 (R-33, G-47): what was paid, what has to come back, why, by when."""

    number: str
    unit: str
    station: str
    item: str
    paid: Decimal
    amount: Decimal
    reason: str
    basis: str
    due_on: dt.date | None  # None while it is a draft
    issued_on: dt.date | None
    issuer: str = BUREAU


def receipt_pdf(receipt: Receipt) -> bytes:
    """收件回执 as a PDF, one row a file, digests in full so that anybody can compare them."""
    items = [
        {"item": item, "size": _size(item.size), "digest": [item.sha256[:32], item.sha256[32:]]}
        for item in receipt.items
    ]
    received = localtime(receipt.received_at)
    context = {
        "receipt": receipt,
        "items": items,
        "received_day": day(received.date()),
        "received_time": f"{received:%H:%M:%S}",
        "accepted": day(receipt.accepted_on) if receipt.accepted_on else "待定",
    }
    return render("receipt.html", context, style="receipt")[0]


def supplement_notice_pdf(notice: SupplementNotice) -> bytes:
    """补正通知书 as a PDF: the numbered defects, the deadline, what happens after it."""
    rule = "本次仅列明补交材料中新出现的问题。" if notice.again else "现将需要补正的全部内容一次性告知如下："
    blocks = [
        Paragraph(
            f"你单位{day(notice.received_on)}提交的{_STATION}设立申请（编号：{notice.application_no}）收悉。经审查，"
            f"申请材料尚需补正。依据《优化营商环境条例》第三十六条，{rule}"
        ),
        *(Paragraph(f"{number}.{_defect(defect)}") for number, defect in enumerate(notice.defects, 1)),
        Paragraph(
            f"请于{day(notice.deadline)}前（{notice.workdays}个工作日内，含当日）补正并重新提交。补正期间不计入办理时限；"
            "逾期未补正的，视为撤回本次申请，不影响再次申请。"
        ),
        Paragraph(f"咨询：{notice.contact}。"),
    ]
    return _letter("补正通知书", notice.number, notice.applicant, blocks, notice.issuer, notice.issued_on)


def acceptance_notice_pdf(notice: Acceptance) -> bytes:
    """受理通知书 as a PDF; the days named are promised (承诺时限), not statutory."""
    blocks = [
        Paragraph(
            f"你单位提交的{_STATION}设立申请（编号：{notice.application_no}）材料齐全，已于{day(notice.accepted_on)}受理。"
        ),
        Paragraph(f"承诺办理时限为自受理之日起{notice.workdays}个工作日，补正期间不计入。"),
        Paragraph(f"咨询：{notice.contact}。"),
    ]
    return _letter("受理通知书", notice.number, notice.applicant, blocks, notice.issuer, notice.issued_on)


def refusal_pdf(refusal: Refusal) -> bytes:
    """不予设立决定书 as a PDF with reason, clause and remedy."""
    reason = [line.strip() for line in refusal.reason.splitlines() if line.strip()]
    remedy = [line.strip() for line in refusal.remedy.splitlines() if line.strip()]
    blocks = [
        Paragraph(
            f"你单位{day(refusal.submitted_on)}提交的{_STATION}设立申请（编号：{refusal.application_no}），经区就业服务中心初审、"
            "我局审核，查明："
        ),
        *map(Paragraph, reason),
        Paragraph(
            f"上述情形不符合《{_STATION}设立与管理办法（试行）》（金东人社〔2021〕14号）{refusal.clause}的规定，决定不予设立。"
        ),
        *map(Paragraph, remedy),
    ]
    return _letter("不予设立决定书", refusal.number, refusal.applicant, blocks, refusal.issuer, refusal.issued_on)


def revocation_warning_pdf(warning: RevocationWarning) -> bytes:
    """取消资格事先告知书 as a PDF."""
    facts = [line.strip() for line in warning.facts.splitlines() if line.strip()]
    blocks = [
        Paragraph(f"你单位承建的{warning.station}，经查存在下列事实："),
        *map(Paragraph, facts),
        Paragraph(f"上述事实属于《{_STATION}设立与管理办法（试行）》（金东人社〔2021〕14号）第八条规定的下列情形："),
        *(Paragraph(f"{ground}。") for ground in warning.grounds),
        Paragraph(
            "据此拟提请区人力资源和社会保障局取消该工作站资格；取消后，你单位2年内不得重新申报。"
            f"你单位依法享有陈述和申辩的权利，可在{day(warning.until)}（含当日，{warning.workdays}个工作日内）前书面提出"
            "陈述、申辩意见和证据材料；逾期未提出的，视为放弃。"
        ),
    ]
    return _letter("取消资格事先告知书", warning.number, warning.unit, blocks, warning.issuer, warning.issued_on)


def recovery_notice_pdf(notice: RecoveryNotice) -> bytes:
    """追回补贴通知书 as a PDF; the amount in figures and in capitals."""
    reason = [f"{line.strip().rstrip('。')}。" for line in notice.reason.splitlines() if line.strip()]
    blocks = [
        Paragraph(f"你单位因承建{notice.station}，已领取{notice.item}，现未退回{yuan(notice.paid)}。经查："),
        *map(Paragraph, reason),
        Paragraph(
            f"依据{notice.basis}，现追回补贴{yuan(notice.amount)}（大写：{capitals(notice.amount)}）。"
            f"请于{day(notice.due_on)}（含当日）前退回至原拨付渠道，退款时注明编号{notice.number}，并将退款凭证交区就业服务中心。"
        ),
        Paragraph("逾期不退回的，依法处理。对本通知有异议的，可以书面向我局提出。"),
    ]
    return _letter("追回补贴通知书", notice.number, notice.unit, blocks, notice.issuer, notice.issued_on)


def _defect(defect: Defect) -> str:
    parts = [defect.problem.rstrip("。；; "), defect.to_do.rstrip("。；; ")]
    return f"{defect.where}：" + "；".join(part for part in parts if part) + "。"


def _size(count: int) -> str:
    """A file size as people read it."""
    if count < 1024:
        return f"{count} 字节"
    return f"{count / 1024:.0f} KB" if count < 1024 * 1024 else f"{count / 1024 / 1024:.1f} MB"


def _letter(
    title: str, number: str, to: str, blocks: Sequence[Paragraph], issuer: str, issued_on: dt.date | None
) -> bytes:
    context = {
        "title": title,
        "issuer": balanced(issuer, 19.6),
        "number": number,
        "main_to": paragraph(f"{to}：", indent=0),
        "blocks": typeset_blocks(blocks),
        "signature": signature(issuer, day(issued_on)),
    }
    return render("letter.html", context, style="official")[0]
