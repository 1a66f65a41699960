"""States of a batch, of a payment in it, of a sheet that came back."""

from django.db.models import TextChoices


class BatchState(TextChoices):
    """From frozen amounts to the last result; the papers are made once, and anew where a grant was taken out."""

    PREPARED = "PREPARED", "已成批"
    ISSUED = "ISSUED", "待拨付结果"
    CLOSED = "CLOSED", "已办结"
    CANCELLED = "CANCELLED", "已撤销"


OPEN_BATCH = (BatchState.PREPARED, BatchState.ISSUED)


class PaymentState(TextChoices):
    PENDING = "PENDING", "待拨付"
    PAID = "PAID", "已拨付"
    BOUNCED = "BOUNCED", "已退票"
    CANCELLED = "CANCELLED", "已撤销"
    REMOVED = "REMOVED", "已移出"


LIVE_PAYMENT = (PaymentState.PENDING, PaymentState.PAID)
"""Of these one grant has at most one: this is what keeps money from going twice."""


class Said(TextChoices):
    """What a row of the sheet that came back says of its payment."""

    PAID = "PAID", "已拨付"
    BOUNCED = "BOUNCED", "退票"


class Problem(TextChoices):
    """Why a row of the sheet cannot be taken; the whole sheet waits for it."""

    NO_BATCH = "NO_BATCH", "没有批次号"
    UNKNOWN_BATCH = "UNKNOWN_BATCH", "批次不存在"
    NOT_ISSUED = "NOT_ISSUED", "批次还没有拨付表"
    UNKNOWN_PAYEE = "UNKNOWN_PAYEE", "批次里没有这个收款单位"
    AMOUNT = "AMOUNT", "金额不一致"
    UNCLEAR = "UNCLEAR", "看不出结果"
    VOUCHER = "VOUCHER", "缺凭证号"
    DAY = "DAY", "日期不对"
    REASON = "REASON", "缺退票原因"
    TWICE = "TWICE", "重复"
    CONTRADICTS = "CONTRADICTS", "与已登记的不一致"
    AMBIGUOUS = "AMBIGUOUS", "分不清是哪一笔"
    HELD = "HELD", "暂停办理"
    UNREADABLE = "UNREADABLE", "单元格读不出"


class SheetState(TextChoices):
    """A sheet is applied whole or not at all."""

    APPLIED = "APPLIED", "已登记"
    REFUSED = "REFUSED", "未登记"


LOOKS: dict[str, str] = {
    BatchState.PREPARED: "draft",
    BatchState.ISSUED: "with-centre",
    BatchState.CLOSED: "approved",
    PaymentState.PENDING: "with-centre",
    PaymentState.PAID: "approved",
    PaymentState.BOUNCED: "returned",
    BatchState.CANCELLED: "draft",
    PaymentState.REMOVED: "draft",
    SheetState.APPLIED: "approved",
    SheetState.REFUSED: "refused",
}
"""How a state is drawn: the colour token of the pills."""
