"""补贴 (第十二条; R-43 … R-48): one row for each station, item and year, whatever happens to it later."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from assessments.excellent.models import Title
from assessments.sheets.models import Assessment, Sheet
from jinhua_labor.accounts.enums import OFFICE_ROLES, Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.attachments.models import Attachment
from jinhua_labor.core.fields import EncryptedTextField
from jinhua_labor.notices.models import Notice
from jinhua_labor.review.models import Review
from stations.oversight.models import Revocation
from stations.registry.models import Station
from subsidies.grants.enums import PLAIN, STEPS, WITH_ACCOUNT, CancelCause, GrantKind, Stage
from subsidies.payees.models import PayeeAccount

READERS = OFFICE_ROLES | {Role.FINANCE, Role.AUDITOR}
ZERO = Decimal(0)
APPROVED_ON = (Stage.APPROVED, Stage.BATCHED, Stage.PAID)
"""From the last step of approval on."""


def money(label: str, **more: object) -> models.DecimalField:
    return models.DecimalField(label, max_digits=12, decimal_places=2, default=ZERO, **more)  # type: ignore[arg-type]


def _person(label: str) -> models.ForeignKey:
    return models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=label
    )


def _differ(*names: str) -> Q:
    """Nobody twice among these persons; who is not named yet is nobody."""
    found = Q()
    for index, one in enumerate(names):
        for other in names[index + 1 :]:
            found &= Q(**{f"{one}__isnull": True}) | Q(**{f"{other}__isnull": True}) | ~Q(**{one: F(other)})
    return found


class GrantQuerySet(models.QuerySet["Grant"]):
    def visible_to(self, user: User) -> GrantQuerySet:
        """Offices, finance and the auditor all; a unit what is owed to it."""
        if user.role in READERS:
            return self
        if user.role == Role.OPERATOR:
            return self.filter(payee=user.organisation_id)
        return self.none()


class Grant(models.Model):
    """One entitlement of 第十二条 and all that became of it. No amount is typed: `base` is derived from the trigger,
    `other` is the sum of the benefits decided to be the same matter, `payable` what is left (R-47).

    `due` is what is still to be paid: less what was paid, plus what came back. A corrected result begins a new round of
    the same row (`rounds`), never a second grant. `top` is the largest amount ever decided: no more is ever out.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="grants")
    kind = models.CharField("补贴项目", max_length=9, choices=GrantKind.choices)
    period_no = models.PositiveSmallIntegerField("第几年度", null=True, blank=True)
    payee = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="grants", verbose_name="收款单位")
    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, null=True, blank=True, related_name="grants", verbose_name="年度评估"
    )
    sheet = models.ForeignKey(
        Sheet, on_delete=models.PROTECT, null=True, blank=True, related_name="grants", verbose_name="评估表"
    )
    title = models.ForeignKey(
        Title, on_delete=models.PROTECT, null=True, blank=True, related_name="grants", verbose_name="优秀站点认定"
    )
    trigger_on = models.DateField("依据日期")  # established_on, last day of the period, day of recognition
    final_on = models.DateField("依据确定日期")
    policy_version = models.CharField("适用版本", max_length=40)
    clause = models.CharField("条款", max_length=30)
    arithmetic = models.CharField("计算说明", max_length=200)

    base = money("标准金额")
    other = money("同类补助金额")
    payable = money("应拨金额")
    top = money("曾核定的最高金额")
    paid = money("已拨金额")
    returned = money("已退回金额")

    stage = models.CharField("状态", max_length=9, choices=Stage.choices, default=Stage.DRAFT)
    rounds = models.PositiveSmallIntegerField("第几次核定", default=1)
    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="grant", verbose_name="两级审核")
    created_at = models.DateTimeField("生成时间", default=timezone.now)

    # 收款账户: what it was decided with, and after a bounce who is to look at it again
    account = models.ForeignKey(
        PayeeAccount, on_delete=models.PROTECT, null=True, blank=True, related_name="grants", verbose_name="收款账户"
    )
    account_snapshot = EncryptedTextField("账户快照", context="subsidies_grant.account", null=True, blank=True)
    account_holder = models.CharField("户名", max_length=100, blank=True)
    payee_name = models.CharField("收款单位名称", max_length=100, blank=True)
    account_by = _person("账户确认人")
    account_at = models.DateTimeField("账户确认时间", null=True, blank=True)
    account_reason = models.CharField("由中心代为确认的理由", max_length=200, blank=True)
    recheck_reason = models.CharField("须重新核对账户的原因", max_length=200, blank=True)

    # 初审
    others_checked_by = _person("其他补助核对人")
    others_checked_at = models.DateTimeField("其他补助核对时间", null=True, blank=True)

    # 局决定 where the text leaves it to the bureau
    decision_pay = models.BooleanField("局决定给予", null=True, blank=True)
    decision_reason = models.CharField("决定理由", max_length=500, blank=True)
    decision_doc_no = models.CharField("决定文号", max_length=40, blank=True)
    decision_file = models.ForeignKey(Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decision_by = _person("决定人")
    decision_at = models.DateTimeField("决定时间", null=True, blank=True)

    notice = models.ForeignKey(
        Notice, on_delete=models.PROTECT, null=True, blank=True, related_name="grants", verbose_name="公示"
    )
    fiscal_year = models.PositiveSmallIntegerField("预算年度", null=True, blank=True)
    approved_on = models.DateField("审批完成日期", null=True, blank=True)

    # copied when it is batched, so that one row says who may not be the same
    submitted_by = _person("提交人")
    screened_by = _person("初审人")
    approved_by = _person("审核人")
    batched_at = models.DateTimeField("列入批次时间", null=True, blank=True)
    paid_by = _person("拨付登记人")
    paid_on = models.DateField("拨付日期", null=True, blank=True)
    received_by = _person("到账确认人")
    received_on = models.DateField("到账确认日期", null=True, blank=True)

    cancel_cause = models.CharField("取消原因", max_length=10, choices=CancelCause.choices, blank=True)
    cancel_reason = models.CharField("取消理由", max_length=500, blank=True)
    cancelled_by = _person("取消人")
    cancelled_at = models.DateTimeField("取消时间", null=True, blank=True)
    revocation = models.ForeignKey(
        Revocation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="取消资格决定"
    )

    objects = GrantQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-final_on", "station", "id"]
        indexes: ClassVar = [
            models.Index(fields=["stage", "final_on"], name="grant_waiting"),
            models.Index(fields=["payee", "-final_on"], name="grant_of_unit"),
            models.Index(fields=["fiscal_year", "stage"], name="grant_of_budget"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["station", "kind", "period_no"],
                nulls_distinct=False,
                name="grant_once",
                violation_error_message="该工作站的这项补贴已经生成，不重复给予。",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind=GrantKind.YEARLY,
                    period_no__isnull=False,
                    assessment__isnull=False,
                    sheet__isnull=False,
                    title__isnull=True,
                )
                | Q(
                    kind=GrantKind.EXCELLENT,
                    period_no__isnull=True,
                    assessment__isnull=True,
                    sheet__isnull=True,
                    title__isnull=False,
                )
                | Q(
                    kind=GrantKind.SETUP,
                    period_no__isnull=True,
                    assessment__isnull=True,
                    sheet__isnull=True,
                    title__isnull=True,
                ),
                name="grant_has_its_trigger",
                violation_error_message="年度奖励须有评估结果，优秀奖励须有认定，建站补贴依设立文件。",
            ),
            models.CheckConstraint(
                condition=Q(base__gte=0, other__gte=0)
                & (Q(other__lte=F("base"), payable=F("base") - F("other")) | Q(other__gt=F("base"), payable=0)),
                name="grant_payable_is_difference",
                violation_error_message="应拨金额等于标准金额减同类补助，不低于零。",
            ),
            models.CheckConstraint(
                condition=Q(top__gte=F("payable"), returned__gte=0, returned__lte=F("paid"))
                & Q(paid__lte=F("top") + F("returned")),
                name="grant_paid_within",
                violation_error_message="已拨金额减去退回金额，不能超过核定金额。",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=WITH_ACCOUNT)
                | (
                    Q(account__isnull=False, account_snapshot__isnull=False, account_by__isnull=False)
                    & Q(account_at__isnull=False)
                    & ~Q(account_holder="")
                ),
                name="grant_has_account",
                violation_error_message="确认收款账户之后才能办理。",
            ),
            models.CheckConstraint(
                condition=Q(account_holder=F("payee_name")),
                name="grant_account_is_units",
                violation_error_message="收款账户的户名须与承建单位名称一致。",
            ),
            models.CheckConstraint(
                condition=~Q(stage=Stage.ZERO) | Q(payable=0),
                name="grant_zero_is_zero",
                violation_error_message="应拨金额为零的，才按更高标准办结。",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=[Stage.SCREENED, Stage.REVIEWED, *APPROVED_ON])
                | Q(others_checked_by__isnull=False, others_checked_at__isnull=False),
                name="grant_others_checked",
                violation_error_message="初审须先核对其他补助。",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=APPROVED_ON, approved_on__isnull=False, fiscal_year__isnull=False)
                | (~Q(stage__in=APPROVED_ON) & Q(approved_on__isnull=True, fiscal_year__isnull=True)),
                name="grant_approved_whole",
                violation_error_message="审批完成须同时记录日期和预算年度。",
            ),
            models.CheckConstraint(
                condition=Q(
                    stage__in=[Stage.BATCHED, Stage.PAID],
                    submitted_by__isnull=False,
                    screened_by__isnull=False,
                    approved_by__isnull=False,
                    batched_at__isnull=False,
                )
                | (
                    ~Q(stage__in=[Stage.BATCHED, Stage.PAID])
                    & Q(
                        submitted_by__isnull=True,
                        screened_by__isnull=True,
                        approved_by__isnull=True,
                        batched_at__isnull=True,
                    )
                ),
                name="grant_batched_whole",
                violation_error_message="列入批次须同时记录提交人、初审人、审核人。",
            ),
            models.CheckConstraint(
                condition=_differ("submitted_by", "screened_by", "approved_by", "paid_by"),
                name="grant_three_persons",
                violation_error_message="初审、审核、拨付须由三人分别办理，且都不是提交人。",
            ),
            models.CheckConstraint(
                condition=(Q(stage=Stage.PAID, paid_by__isnull=False, paid_on__isnull=False) & Q(paid__gt=0))
                | (~Q(stage=Stage.PAID) & Q(paid_by__isnull=True, paid_on__isnull=True)),
                name="grant_paid_whole",
                violation_error_message="拨付须同时记录登记人、日期和金额。",
            ),
            models.CheckConstraint(
                condition=Q(received_on__isnull=True, received_by__isnull=True)
                | Q(stage=Stage.PAID, received_by__isnull=False, received_on__gte=F("paid_on")),
                name="grant_received_whole",
                violation_error_message="确认到账须在拨付之后，并记录确认人和日期。",
            ),
            models.CheckConstraint(
                condition=(
                    Q(stage=Stage.CANCELLED, cancelled_by__isnull=False, cancelled_at__isnull=False)
                    & ~Q(cancel_reason="")
                    & ~Q(cancel_cause="")
                )
                | (
                    ~Q(stage=Stage.CANCELLED)
                    & Q(cancelled_by__isnull=True, cancelled_at__isnull=True, cancel_reason="", cancel_cause="")
                ),
                name="grant_cancelled_whole",
                violation_error_message="取消补贴须写明原因、理由，并记录经办人和时间。",
            ),
            models.CheckConstraint(
                condition=Q(
                    decision_pay__isnull=True,
                    decision_by__isnull=True,
                    decision_at__isnull=True,
                    decision_file__isnull=True,
                    decision_reason="",
                )
                | (
                    Q(decision_pay__isnull=False, decision_by__isnull=False, decision_at__isnull=False)
                    & Q(decision_file__isnull=False)
                    & ~Q(decision_reason="")
                ),
                name="grant_decision_whole",
                violation_error_message="局决定须写明理由并附文件，记录决定人和时间。",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.FSM(name="grant_stages", field="stage", transitions=sorted({(a, b) for a, b in STEPS})),
            # What left the treasury stays on record; what came back stands beside it.
            pgtrigger.Protect(
                name="paid_never_falls",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__paid__gt=pgtrigger.F("new__paid"))
                | pgtrigger.Q(old__returned__gt=pgtrigger.F("new__returned")),
            ),
            pgtrigger.Protect(
                name="whose_and_for_what_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("station", "kind", "period_no", "payee"),
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        year = f"第{self.period_no}年度" if self.period_no else ""
        item = self.get_kind_display().removeprefix("年度") if year else self.get_kind_display()
        return f"{self.station.name}{year}{item}"

    def get_absolute_url(self) -> str:
        return reverse("grants:grant", args=[self.pk])

    @property
    def item(self) -> str:
        """「建站补贴」, 「第2年度绩效奖励」."""
        label = self.get_kind_display()
        return f"第{self.period_no}年度{label.removeprefix('年度')}" if self.period_no else label

    @property
    def outstanding(self) -> Decimal:
        """What is out: paid and not returned."""
        return self.paid - self.returned

    @property
    def due(self) -> Decimal:
        """What this round still has to bring; never negative."""
        return max(ZERO, self.payable - self.outstanding)

    def label_for(self, user: User) -> str:
        """The stage in the reader's words: a unit reads five plain states."""
        if user.role == Role.OPERATOR:
            return str(PLAIN[self.stage].label)
        return str(self.get_stage_display())
