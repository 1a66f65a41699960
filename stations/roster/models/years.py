"""A station's year: frozen when its assessment starts, corrected afterwards with a record, claims decided once."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pgtrigger
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from jinhua_labor.accounts.models import User
from stations.registry.models import Station
from stations.roster.enums import CorrectionKind, Kept

from .deliveries import Delivery
from .people import Person


class FrozenYearQuerySet(models.QuerySet["FrozenYear"]):
    def visible_to(self, user: User) -> FrozenYearQuerySet:
        """Whoever may see the station."""
        return self.filter(station__in=Station.objects.visible_to(user))


class FrozenYear(models.Model):
    """每年输送劳动力名册 as it stood when the assessment of the period started (R-26, R-28); never changed.

    Rows of the station with an entry in the period change only together with a `RowCorrection` (triggers say so).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="frozen_years")
    period_no = models.PositiveSmallIntegerField("第几年度")
    starts_on = models.DateField("年度起")
    ends_on = models.DateField("年度止")
    as_of = models.DateField("数据截止日")
    policy_version = models.CharField("适用版本", max_length=20)
    certainty = models.CharField(max_length=12)
    raw = models.PositiveIntegerField("原始行数")
    counted = models.PositiveIntegerField("计入人数")
    pending = models.PositiveIntegerField("待核人数")
    excluded = models.PositiveIntegerField("不计行数")
    skilled = models.PositiveIntegerField("技术技能人才")
    # [[delivery, person, status, [codes], qualified_on, skilled, fingerprint]]; no name, no number
    rows = models.JSONField()
    sha256 = models.CharField(max_length=64)
    frozen_at = models.DateTimeField("冻结时间", default=timezone.now)
    frozen_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = FrozenYearQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["station", "period_no"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["station", "period_no"],
                name="frozen_year_once",
                violation_error_message="该年度名册已冻结。",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="frozen_year_in_order",
                violation_error_message="年度的止日须晚于起日。",
            ),
            models.CheckConstraint(
                condition=Q(raw=F("counted") + F("pending") + F("excluded")),
                name="frozen_year_adds_up",
                violation_error_message="冻结名册的计入、待核、不计之和与行数不一致。",
            ),
        ]
        triggers: ClassVar = [pgtrigger.Protect(name="frozen", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"第{self.period_no}年度名册"


class RowCorrection(models.Model):
    """更正记录: why a row that counted, or whose year is frozen, was changed, and what stood there before."""

    id = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="corrections")
    kind = models.CharField("事项", max_length=7, choices=CorrectionKind.choices)
    reason = models.CharField("理由", max_length=200)
    changes = models.JSONField("变更", default=list)  # [[栏目, 原来, 现在]], numbers by their last four digits only
    status = models.CharField("更正前计入状态", max_length=8, blank=True)
    frozen = models.ForeignKey(FrozenYear, on_delete=models.PROTECT, null=True, blank=True, related_name="corrections")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    # The transaction's own moment: by it the triggers know that record and change belong together.
    at = models.DateTimeField("时间", db_default=TransactionNow())

    class Meta:
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="correction_has_reason",
                violation_error_message="请写明更正理由。",
            ),
        ]
        triggers: ClassVar = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.get_kind_display()


class ClaimDecision(models.Model):
    """认定归属 (R-07, E14): of two stations' registrations of one person the centre says once which one holds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="claim_decisions")
    holder = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="+")
    claimant = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="+")
    kept = models.CharField("认定", max_length=8, choices=Kept.choices)
    reason = models.CharField("依据", max_length=200)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["holder", "claimant"],
                name="claim_decided_once",
                violation_error_message="该人员的归属已认定。",
            ),
            models.CheckConstraint(
                condition=~Q(holder=F("claimant")),
                name="claim_of_two_rows",
                violation_error_message="归属认定须有两条登记。",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="claim_has_reason",
                violation_error_message="请写明认定依据。",
            ),
        ]
        triggers: ClassVar = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.get_kept_display()
