"""重新核算 of stations: what a recount found, row by row where it changed something."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from jinhua_labor.accounts.enums import OFFICE_ROLES, Role
from jinhua_labor.accounts.models import User
from jinhua_labor.jobs.models import Job
from stations.registry.models import Station
from stations.roster.enums import CountStatus, RecountCause

from .deliveries import Delivery


class RecountQuerySet(models.QuerySet["Recount"]):
    def visible_to(self, user: User) -> RecountQuerySet:
        """Offices and the auditor."""
        return self if user.role in OFFICE_ROLES or user.role == Role.AUDITOR else self.none()


class Recount(models.Model):
    """One recount of a station, or of the whole district (`station` None): rows by status before and after."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    station = models.ForeignKey(Station, on_delete=models.PROTECT, null=True, blank=True, related_name="recounts")
    cause = models.CharField("缘由", max_length=10, choices=RecountCause.choices)
    as_of = models.DateField("核算截至")
    policy_version = models.CharField("适用版本", max_length=20)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")  # progress only
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)
    stations = models.PositiveIntegerField("站点数", default=0)
    rows = models.PositiveIntegerField("名册行数", default=0)
    changed = models.PositiveIntegerField("变化行数", default=0)
    counted_before = models.PositiveIntegerField("原计入", default=0)
    pending_before = models.PositiveIntegerField("原待核", default=0)
    excluded_before = models.PositiveIntegerField("原不计", default=0)
    counted = models.PositiveIntegerField("计入", default=0)
    pending = models.PositiveIntegerField("待核", default=0)
    excluded = models.PositiveIntegerField("不计", default=0)

    objects = RecountQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-started_at", "id"]
        indexes: ClassVar = [models.Index(fields=["-started_at"], name="recount_latest")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(rows=F("counted") + F("pending") + F("excluded"))
                & Q(rows=F("counted_before") + F("pending_before") + F("excluded_before")),
                name="recount_adds_up",
                violation_error_message="计入、待核、不计之和与名册行数不一致。",
            ),
        ]

    def __str__(self) -> str:
        return f"重新核算 {self.as_of}"

    def get_absolute_url(self) -> str:
        return reverse("roster:recounted", args=[self.pk])


class RecountChange(models.Model):
    """A row whose status or codes a recount changed: before → after."""

    id = models.BigAutoField(primary_key=True)
    recount = models.ForeignKey(Recount, on_delete=models.CASCADE, related_name="changes")  # says nothing without it
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="+")  # goes with its row
    before_status = models.CharField("原状态", max_length=8, choices=CountStatus.choices)
    before_codes = ArrayField(models.CharField(max_length=3), default=list, blank=True, verbose_name="原原因代码")
    after_status = models.CharField("新状态", max_length=8, choices=CountStatus.choices)
    after_codes = ArrayField(models.CharField(max_length=3), default=list, blank=True, verbose_name="新原因代码")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["recount", "delivery"],
                name="recount_change_once",
                violation_error_message="同一次核算中该行已登记。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_before_status_display()}→{self.get_after_status_display()}"
