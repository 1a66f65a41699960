"""补贴项目 (第十二条), how far a grant has come, and in which words each reader is told."""

from django.db.models import TextChoices


class GrantKind(TextChoices):
    SETUP = "SETUP", "建站补贴"
    YEARLY = "YEARLY", "年度绩效奖励"
    EXCELLENT = "EXCELLENT", "优秀站点奖励"


class Stage(TextChoices):
    """From the draft the system makes to the money; the two-step review runs from DRAFT to REVIEWED.

    How far 公示 of a REVIEWED grant has come is read from its notice; 暂停 and 待局决定 are read, never stored.
    """

    DRAFT = "DRAFT", "待确认账户"
    SUBMITTED = "SUBMITTED", "待初审"
    SCREENED = "SCREENED", "待审核"
    REVIEWED = "REVIEWED", "审核通过，待审批"
    APPROVED = "APPROVED", "已审批，待拨付"
    BATCHED = "BATCHED", "拨付中"
    PAID = "PAID", "已拨付"
    ZERO = "ZERO", "已按更高标准享受"
    CANCELLED = "CANCELLED", "已取消"


BEFORE_REVIEWED = (Stage.DRAFT, Stage.SUBMITTED, Stage.SCREENED)
UNPAID = (*BEFORE_REVIEWED, Stage.REVIEWED, Stage.APPROVED, Stage.BATCHED)
"""Where there is still something to come."""
WITH_ACCOUNT = (Stage.SUBMITTED, Stage.SCREENED, Stage.REVIEWED, Stage.APPROVED, Stage.BATCHED, Stage.PAID)
"""From the confirmation of the account on."""

STEPS: tuple[tuple[str, str], ...] = (
    # a new round: a result corrected upwards, a revocation reversed, an amount changed after 审核
    *((stage, Stage.DRAFT) for stage in (Stage.REVIEWED, Stage.APPROVED, Stage.PAID, Stage.ZERO, Stage.CANCELLED)),
    (Stage.DRAFT, Stage.SUBMITTED),
    (Stage.SUBMITTED, Stage.DRAFT),
    (Stage.SUBMITTED, Stage.SCREENED),
    (Stage.SCREENED, Stage.SUBMITTED),
    (Stage.SCREENED, Stage.REVIEWED),
    (Stage.SCREENED, Stage.ZERO),
    (Stage.REVIEWED, Stage.APPROVED),
    (Stage.APPROVED, Stage.BATCHED),
    (Stage.BATCHED, Stage.APPROVED),
    (Stage.BATCHED, Stage.PAID),
    (Stage.PAID, Stage.APPROVED),  # 退票 after it was recorded as paid: the money is back, the account is looked at
    *((stage, Stage.CANCELLED) for stage in (*BEFORE_REVIEWED, Stage.REVIEWED, Stage.APPROVED)),
)
"""Every step there is; the database refuses all others."""


class PlainState(TextChoices):
    """The five states a unit reads."""

    CONFIRM = "CONFIRM", "请确认收款账户"
    REVIEW = "REVIEW", "审核中"
    PAYING = "PAYING", "等待拨付"
    PAID = "PAID", "已拨付"
    CLOSED = "CLOSED", "不再拨付"


PLAIN: dict[str, PlainState] = {
    Stage.DRAFT: PlainState.CONFIRM,
    Stage.SUBMITTED: PlainState.REVIEW,
    Stage.SCREENED: PlainState.REVIEW,
    Stage.REVIEWED: PlainState.REVIEW,
    Stage.APPROVED: PlainState.PAYING,
    Stage.BATCHED: PlainState.PAYING,
    Stage.PAID: PlainState.PAID,
    Stage.ZERO: PlainState.CLOSED,
    Stage.CANCELLED: PlainState.CLOSED,
}


class CancelCause(TextChoices):
    """Why a grant is not paid."""

    REVOCATION = "REVOCATION", "工作站资格被取消"
    CORRECTION = "CORRECTION", "评估结果更正后没有奖励"
    BUREAU = "BUREAU", "区人社局决定"


class AdjustmentCause(TextChoices):
    """Why a grant is decided again, or its amount differs from what was decided."""

    CORRECTION = "CORRECTION", "评估结果更正"
    REVERSAL = "REVERSAL", "取消资格的决定被撤销"


class RecoveryCause(TextChoices):
    REVOCATION = "REVOCATION", "弄虚作假、虚报冒领"
    CORRECTION = "CORRECTION", "评估结果更正"


class RecoveryStage(TextChoices):
    OPEN = "OPEN", "待发追回通知"
    NOTIFIED = "NOTIFIED", "追回中"
    RETURNED = "RETURNED", "已追回"
    DROPPED = "DROPPED", "不予追回"


OPEN_RECOVERY = (RecoveryStage.OPEN, RecoveryStage.NOTIFIED)
