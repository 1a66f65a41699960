"""收款账户 of a unit (R-46): an account never changes, another one takes its place from a day on."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from jinhua_labor.accounts.enums import OFFICE_ROLES, Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.attachments.models import Attachment
from jinhua_labor.core.fields import BlindIndexField, EncryptedTextField
from subsidies.payees.enums import OPEN_CHANGE, ChangeState

READERS = OFFICE_ROLES | {Role.FINANCE, Role.AUDITOR}
NUMBER_CONTEXT = "subsidies_payeeaccount.number"
NUMBER_PURPOSE = "payee_account"
_KEPT = ("organisation_id", "holder", "bank", "digest", "tail", "proof_id", "added_by_id", "added_at")
_CHANGED = (
    f"({', '.join(f'OLD.{name}' for name in _KEPT)}) IS DISTINCT FROM ({', '.join(f'NEW.{name}' for name in _KEPT)})"
    " OR (OLD.effective_on IS NOT NULL AND NEW.effective_on IS DISTINCT FROM OLD.effective_on)"
)
"""The cipher of the number is made anew with every save; its digest says whether it is the same."""


class PayeeAccountQuerySet(models.QuerySet["PayeeAccount"]):
    def visible_to(self, user: User) -> PayeeAccountQuerySet:
        """Offices, finance and the auditor all; a unit its own."""
        if user.role in READERS:
            return self
        if user.role == Role.OPERATOR:
            return self.filter(organisation=user.organisation_id)
        return self.none()

    def in_force(self, day: dt.date) -> PayeeAccountQuerySet:
        """Accounts money may go to on this day, the latest first; the first of a unit is its current one. A change that
        was stopped while it waited never comes into force."""
        rows = self.filter(effective_on__lte=day, change__state=ChangeState.CONFIRMED)
        return rows.order_by("organisation", "-effective_on", "-added_at")


class PayeeAccount(models.Model):
    """One account of one unit. `effective_on` is empty until two people of the centre have confirmed it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="payee_accounts", verbose_name="收款单位"
    )
    holder = models.CharField("户名", max_length=100)
    bank = models.CharField("开户银行", max_length=100)
    number = EncryptedTextField("账号", context=NUMBER_CONTEXT)
    digest = BlindIndexField()
    tail = models.CharField("账号末四位", max_length=4)
    proof = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+", verbose_name="开户证明")
    effective_on = models.DateField("生效日期", null=True, blank=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    objects = PayeeAccountQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["organisation", "-added_at", "id"]
        indexes: ClassVar = [models.Index(fields=["organisation", "-effective_on"], name="payee_in_force")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(tail__regex=r"^\d{4}$"),
                name="payee_tail_of_four",
                violation_error_message="账号末四位须为四位。",
            ),
        ]
        triggers: ClassVar = [
            # Grants and payments point here: what they were decided with stays what it was.
            pgtrigger.Protect(
                name="account_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(f"({_CHANGED})"),
            ),
            pgtrigger.Protect(name="account_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.holder} {self.bank} {self.masked}"

    def get_absolute_url(self) -> str:
        return reverse("payees:unit", args=[self.organisation_id])

    @property
    def masked(self) -> str:
        return f"**** **** {self.tail}"


class AccountChangeQuerySet(models.QuerySet["AccountChange"]):
    def visible_to(self, user: User) -> AccountChangeQuerySet:
        """Who sees the accounts sees how they came."""
        if user.role in READERS:
            return self
        if user.role == Role.OPERATOR:
            return self.filter(organisation=user.organisation_id)
        return self.none()

    def open(self) -> AccountChangeQuerySet:
        return self.filter(state__in=OPEN_CHANGE)


class AccountChange(models.Model):
    """登记或变更收款账户: proof, one person of the centre checks, a second confirms, then it waits its days.

    `former` is empty for the first account of a unit.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="收款单位")
    account = models.OneToOneField(PayeeAccount, on_delete=models.PROTECT, related_name="change")
    former = models.ForeignKey(
        PayeeAccount, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="原账户"
    )
    state = models.CharField("状态", max_length=9, choices=ChangeState.choices, default=ChangeState.ASKED)
    reason = models.CharField("变更原因", max_length=200, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="提出人")
    asked_at = models.DateTimeField("提出时间", default=timezone.now)
    checked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核对人"
    )
    checked_at = models.DateTimeField("核对时间", null=True, blank=True)
    check_note = models.CharField("向单位核实的情况", max_length=200, blank=True)
    confirmed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="复核人"
    )
    confirmed_at = models.DateTimeField("复核时间", null=True, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField("终止时间", null=True, blank=True)
    closing_reason = models.CharField("未通过或撤回的理由", max_length=200, blank=True)

    objects = AccountChangeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-asked_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(state__in=OPEN_CHANGE),
                name="account_change_one_open",
                violation_error_message="已有一件收款账户的登记或变更正在办理。",
            ),
            models.CheckConstraint(
                condition=Q(former__isnull=True) | ~Q(reason=""),
                name="account_change_has_reason",
                violation_error_message="变更收款账户须写明原因。",
            ),
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True, checked_by__isnull=True, check_note="")
                | (Q(checked_at__isnull=False, checked_by__isnull=False) & ~Q(check_note="")),
                name="account_change_checked_whole",
                violation_error_message="核对须同时记录核对人、时间和核实情况。",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False, checked_at__isnull=False),
                name="account_change_confirmed_whole",
                violation_error_message="复核须在核对之后，并记录复核人和时间。",
            ),
            models.CheckConstraint(
                condition=(~Q(state=ChangeState.CHECKED) | Q(checked_at__isnull=False, confirmed_at__isnull=True))
                & (~Q(state=ChangeState.CONFIRMED) | Q(confirmed_at__isnull=False)),
                name="account_change_state_has_at",
                violation_error_message="账户变更的状态与办理时间不一致。",
            ),
            models.CheckConstraint(
                condition=(Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("checked_by")))
                & (Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("asked_by"))),
                name="account_change_two_persons",
                violation_error_message="复核人不能是提出人或核对人，请由另一位同事复核。",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state__in=[ChangeState.REFUSED, ChangeState.STOPPED])
                    & Q(closed_at__isnull=False, closed_by__isnull=False)
                    & ~Q(closing_reason="")
                )
                | (
                    ~Q(state__in=[ChangeState.REFUSED, ChangeState.STOPPED])
                    & Q(closed_at__isnull=True, closed_by__isnull=True, closing_reason="")
                ),
                name="account_change_closed_whole",
                violation_error_message="不予通过或撤回须写明理由，并记录经办人和时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation.name}{'变更' if self.former_id else '登记'}收款账户"

    def get_absolute_url(self) -> str:
        return reverse("payees:change", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_CHANGE
