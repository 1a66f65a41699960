"""A payment: one grant in a batch, what its unit is to get, at which account, and what became of it (R-46)."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from jinhua_labor.accounts.models import User
from jinhua_labor.core.fields import EncryptedTextField
from subsidies.grants.models import Grant
from subsidies.payments.enums import LIVE_PAYMENT, LOOKS, PaymentState

from .batches import READERS, Batch
from .sums import SUM, sum_holds

_LINE = (
    *("batch_id", "seq", "grant_id", "round", "fiscal_year", "payee", "station", "item", "bank", "account"),
    *("account_tail", "amount", "submitted_by_id", "screened_by_id", "approved_by_id", "made_by_id"),
)
_LINE_CHANGED = (
    f"({', '.join(f'OLD.{name}' for name in _LINE)}) IS DISTINCT FROM ({', '.join(f'NEW.{name}' for name in _LINE)})"
)
"""The account as its cipher: a step of the result writes its own columns only."""


class PaymentQuerySet(models.QuerySet["Payment"]):
    def visible_to(self, user: User) -> PaymentQuerySet:
        """As the batch it belongs to."""
        return self if user.role in READERS else self.none()

    def pending(self) -> PaymentQuerySet:
        return self.filter(state=PaymentState.PENDING)

    def in_batch(self) -> PaymentQuerySet:
        """All but what was taken out."""
        return self.exclude(state=PaymentState.REMOVED)


class Payment(models.Model):
    """One grant in a batch: amount, payee and account as frozen, who decided it, and the result.

    Of one round of a grant at most one payment is pending or paid: no second one can be written (`payment_live_once`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="payments")
    seq = models.PositiveIntegerField("序号")
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="payments")
    round = models.PositiveSmallIntegerField("第几次核定")
    fiscal_year = models.PositiveSmallIntegerField("预算年度")
    payee = models.CharField("收款单位", max_length=100)
    station = models.CharField("工作站", max_length=100)
    item = models.CharField("补贴项目", max_length=40)
    bank = models.CharField("开户银行", max_length=100)
    account = EncryptedTextField("银行账号", context="subsidies_payment.account")
    account_tail = models.CharField("账号末四位", max_length=4)
    amount = models.DecimalField("拨付金额", max_digits=12, decimal_places=2)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="提交人")
    screened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="初审人")
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="审核人")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="成批人")
    state = models.CharField("状态", max_length=9, choices=PaymentState.choices, default=PaymentState.PENDING)
    voucher_no = models.CharField("拨付凭证号", max_length=40, blank=True)
    bank_ref = models.CharField("银行流水号", max_length=60, blank=True)
    paid_on = models.DateField("拨付日期", null=True, blank=True)
    paid_amount = models.DecimalField("实拨金额", max_digits=12, decimal_places=2, null=True, blank=True)
    paid_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="拨付登记人"
    )
    held_reason = models.CharField("暂停期间付出的情况", max_length=200, blank=True)
    bounced_on = models.DateField("退票日期", null=True, blank=True)
    bounce_reason = models.CharField("退票原因", max_length=200, blank=True)
    bounced_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="退票登记人"
    )
    removed_on = models.DateField("移出日期", null=True, blank=True)
    remove_reason = models.CharField("移出理由", max_length=200, blank=True)
    removed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="移出人"
    )

    objects = PaymentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["batch", "seq"]
        indexes: ClassVar = [models.Index(fields=["fiscal_year", "state"], name="payment_of_budget")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["batch", "seq"], name="payment_seq_once", violation_error_message="批次内序号重复。"
            ),
            models.UniqueConstraint(
                fields=["batch", "grant"],
                name="payment_once_in_batch",
                violation_error_message="同一笔补贴在一个批次里只能有一行。",
            ),
            models.UniqueConstraint(
                fields=["grant", "round"],
                condition=Q(state__in=LIVE_PAYMENT),
                name="payment_live_once",
                violation_error_message="这笔补贴已在另一批次中待拨付或已拨付，不能重复拨付。",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0) & ~Q(account_tail="") & ~Q(payee="") & ~Q(bank=""),
                name="payment_line_whole",
                violation_error_message="拨付须有收款单位、开户银行、账号和大于零的金额。",
            ),
            models.CheckConstraint(
                condition=~Q(screened_by=F("approved_by"))
                & ~Q(screened_by=F("made_by"))
                & ~Q(approved_by=F("made_by"))
                & ~Q(submitted_by=F("made_by")),
                name="payment_three_persons",
                violation_error_message="初审、审核、拨付须由三人分别办理。",
            ),
            models.CheckConstraint(
                condition=Q(paid_by__isnull=True) | (~Q(paid_by=F("screened_by")) & ~Q(paid_by=F("approved_by"))),
                name="payment_recorded_by_other",
                violation_error_message="登记拨付结果的人不能是该件的初审人或审核人。",
            ),
            models.CheckConstraint(
                condition=Q(voucher_no="", paid_on__isnull=True, paid_amount__isnull=True, paid_by__isnull=True)
                | (~Q(voucher_no="") & Q(paid_on__isnull=False, paid_amount__isnull=False, paid_by__isnull=False)),
                name="payment_paid_whole",
                violation_error_message="拨付须同时记录凭证号、日期、金额和登记人。",
            ),
            models.CheckConstraint(
                condition=Q(paid_amount__isnull=True) | Q(paid_amount=F("amount")),
                name="payment_paid_equals_due",
                violation_error_message="实拨金额须与应拨金额一致。",
            ),
            models.CheckConstraint(
                condition=Q(held_reason="") | Q(paid_on__isnull=False),
                name="payment_held_is_paid",
                violation_error_message="只有已经付出的，才写明暂停期间付出的情况。",
            ),
            models.CheckConstraint(
                condition=Q(bounced_on__isnull=True, bounce_reason="", bounced_by__isnull=True)
                | (Q(bounced_on__isnull=False, bounced_by__isnull=False) & ~Q(bounce_reason="")),
                name="payment_bounced_whole",
                violation_error_message="退票须同时记录日期、原因和登记人。",
            ),
            models.CheckConstraint(
                condition=Q(state=PaymentState.PENDING, paid_on__isnull=True, bounced_on__isnull=True)
                | Q(
                    state__in=(PaymentState.CANCELLED, PaymentState.REMOVED),
                    paid_on__isnull=True,
                    bounced_on__isnull=True,
                )
                | Q(state=PaymentState.PAID, paid_on__isnull=False, bounced_on__isnull=True)
                | Q(state=PaymentState.BOUNCED, bounced_on__isnull=False),
                name="payment_state_has_result",
                violation_error_message="拨付状态与登记的结果不一致。",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state=PaymentState.REMOVED, removed_on__isnull=False, removed_by__isnull=False)
                    & ~Q(remove_reason="")
                )
                | (
                    ~Q(state=PaymentState.REMOVED)
                    & Q(removed_on__isnull=True, removed_by__isnull=True, remove_reason="")
                ),
                name="payment_removed_whole",
                violation_error_message="移出批次须写明理由，并记录经办人和日期。",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.FSM(
                name="payment_states",
                field="state",
                transitions=[
                    (PaymentState.PENDING, PaymentState.PAID),
                    (PaymentState.PENDING, PaymentState.BOUNCED),
                    (PaymentState.PENDING, PaymentState.CANCELLED),
                    (PaymentState.PENDING, PaymentState.REMOVED),
                    (PaymentState.PAID, PaymentState.BOUNCED),
                ],
            ),
            pgtrigger.Protect(
                name="payment_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(f"({_LINE_CHANGED})"),
            ),
            pgtrigger.Protect(name="payment_kept", operation=pgtrigger.Delete),
            # What is paid is what the grant still has to bring, whoever writes the row.
            pgtrigger.Trigger(
                name="payment_is_what_is_due",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=(
                    "IF NOT EXISTS (SELECT 1 FROM subsidies_grant g WHERE g.id = NEW.grant_id AND g.rounds = NEW.round"
                    " AND NEW.amount = greatest(0, g.payable - (g.paid - g.returned))) THEN"
                    " RAISE EXCEPTION 'a payment is what its grant has to bring' USING ERRCODE = '23514';"
                    " END IF; RETURN NEW;"
                ),
            ),
            pgtrigger.Trigger(
                name="payment_in_the_sum",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                declare=SUM,
                func=sum_holds("NEW.batch_id"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch}第{self.seq}笔"

    def get_absolute_url(self) -> str:
        return reverse("payments:payment", args=[self.pk])

    @property
    def look(self) -> str:
        return LOOKS[self.state]

    @property
    def account_masked(self) -> str:
        return f"**** **** {self.account_tail}"
