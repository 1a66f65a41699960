"""投诉 (附件3 A4, R-54, R-64): what was complained of, told, verified, answered. Who complained is a secret."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from jinhua_labor.accounts.enums import OFFICE_ROLES, Role
from jinhua_labor.accounts.models import User
from jinhua_labor.core.fields import EncryptedTextField
from stations.oversight.enums import (
    COUNTING_VERDICTS,
    ComplainantKind,
    ComplaintChannel,
    ComplaintState,
    RightsOf,
    Verdict,
)
from stations.registry.models import Station

DONE = (ComplaintState.VERIFIED, ComplaintState.CLOSED)


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    def visible_to(self, user: User) -> ComplaintQuerySet:
        """Offices and the auditor all; a station's unit what was passed on to it; never who complained."""
        rows = self.defer("from_name", "from_phone")
        if user.role in OFFICE_ROLES or user.role == Role.AUDITOR:
            return rows
        if user.role == Role.OPERATOR:
            return rows.filter(station__operator=user.organisation_id).exclude(state=ComplaintState.REGISTERED)
        return rows.none()

    def unfinished(self) -> ComplaintQuerySet:
        return self.exclude(state=ComplaintState.CLOSED)

    def counting(self, start: dt.date, end: dt.date) -> ComplaintQuerySet:
        """经核实 within these days, both included (R-54): the day of the verification decides, 部分 counts."""
        return self.filter(verdict__in=COUNTING_VERDICTS, verified_on__range=(start, end))


class Complaint(models.Model):
    """One complaint. `shown` is what the station reads of it; `code_digest` finds it for who kept its code."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField("投诉编号", max_length=30)  # TS-330703-YYYYMMDD-nnn
    key = models.UUIDField(default=uuid.uuid4, editable=False)  # of the form it came by
    code_digest = models.BinaryField(max_length=32, null=True, blank=True)
    station = models.ForeignKey(
        Station,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="complaints",
        verbose_name="被投诉站点",
    )
    received_on = models.DateField("收到日期")
    channel = models.CharField("渠道", max_length=8, choices=ComplaintChannel.choices)
    from_kind = models.CharField("投诉人类别", max_length=8, choices=ComplainantKind.choices)
    anonymous = models.BooleanField("匿名", default=False)
    from_name = EncryptedTextField("投诉人姓名", context="stations_complaint.from_name", null=True, blank=True)
    from_phone = EncryptedTextField("投诉人电话", context="stations_complaint.from_phone", null=True, blank=True)
    content = models.TextField("投诉内容", max_length=2000)
    demand = models.CharField("诉求", max_length=500, blank=True)
    against_rights = models.CharField("损害对象", max_length=8, choices=RightsOf.choices, blank=True)
    state = models.CharField("状态", max_length=10, choices=ComplaintState.choices, default=ComplaintState.REGISTERED)
    tell_by = models.DateField("告知期限")
    finish_by = models.DateField("办结期限")
    told_on = models.DateField("告知日期", null=True, blank=True)
    told_how = models.CharField("告知方式和内容", max_length=300, blank=True)
    told_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    shown = models.TextField("转站点的内容", max_length=2000, blank=True)
    answer = models.TextField("站点说明", max_length=2000, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField("说明时间", null=True, blank=True)
    transferred_on = models.DateField("转劳动保障监察日期", null=True, blank=True)
    transferred_note = models.CharField("转办事由", max_length=300, blank=True)
    transferred_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    verdict = models.CharField("是否核实", max_length=6, choices=Verdict.choices, blank=True)
    verified_on = models.DateField("核实日期", null=True, blank=True)
    finding = models.TextField("核实结论", max_length=2000, blank=True)
    severe = models.BooleanField("严重损害权益", default=False)
    verified_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_on = models.DateField("办结日期", null=True, blank=True)
    reply = models.TextField("答复", max_length=2000, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    tell_reminded_on = models.DateField("提醒告知", null=True, blank=True)
    finish_reminded_on = models.DateField("提醒办结", null=True, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-received_on", "-created_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["station", "verified_on"], name="complaint_of_station"),
            models.Index(fields=["state", "finish_by"], name="complaint_due"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["number"], name="complaint_number_once", violation_error_message="投诉编号重复，请重新提交。"
            ),
            models.UniqueConstraint(
                fields=["key"], name="complaint_form_once", violation_error_message="这张表单已经提交过。"
            ),
            models.UniqueConstraint(
                fields=["code_digest"],
                name="complaint_code_once",
                violation_error_message="查询码重复，请重新提交。",
            ),
            models.CheckConstraint(
                condition=Q(anonymous=True, from_name__isnull=True) | Q(anonymous=False, from_name__isnull=False),
                name="complaint_named_or_anonymous",
                violation_error_message="请填写投诉人姓名，或选择匿名。",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=ComplaintState.REGISTERED, told_on__isnull=True, told_by__isnull=True, told_how="", shown=""
                )
                | (
                    ~Q(state=ComplaintState.REGISTERED)
                    & Q(told_on__isnull=False, told_by__isnull=False)
                    & ~Q(told_how="")
                    & ~Q(shown="")
                ),
                name="complaint_told_whole",
                violation_error_message="告知须同时记录日期、方式、经办人和转站点的内容。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=DONE, verified_on__isnull=False, verified_by__isnull=False)
                & ~Q(verdict="")
                & ~Q(finding="")
                | ~Q(state__in=DONE) & Q(verified_on__isnull=True, verified_by__isnull=True, verdict="", finding=""),
                name="complaint_verified_whole",
                violation_error_message="核实须同时记录结果、日期、结论和经办人。",
            ),
            models.CheckConstraint(
                condition=Q(severe=False) | Q(verdict__in=COUNTING_VERDICTS) & ~Q(against_rights=""),
                name="complaint_severe_is_verified",
                violation_error_message="严重损害权益须经核实，并写明损害的是务工人员还是企业的权益。",
            ),
            models.CheckConstraint(
                condition=Q(state=ComplaintState.CLOSED, closed_on__isnull=False, closed_by__isnull=False)
                & ~Q(reply="")
                | ~Q(state=ComplaintState.CLOSED) & Q(closed_on__isnull=True, closed_by__isnull=True, reply=""),
                name="complaint_closed_whole",
                violation_error_message="办结须同时记录日期、答复和经办人。",
            ),
            models.CheckConstraint(
                condition=Q(transferred_on__isnull=True, transferred_by__isnull=True, transferred_note="")
                | Q(transferred_on__isnull=False, transferred_by__isnull=False) & ~Q(transferred_note=""),
                name="complaint_transferred_whole",
                violation_error_message="转劳动保障监察须同时记录日期、事由和经办人。",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer=""),
                name="complaint_answer_whole",
                violation_error_message="站点说明须同时记录内容、时间和经办人。",
            ),
            models.CheckConstraint(
                condition=(Q(told_on__isnull=True) | Q(told_on__gte=F("received_on")))
                & (Q(verified_on__isnull=True) | Q(verified_on__gte=F("received_on")))
                & (Q(closed_on__isnull=True) | Q(closed_on__gte=F("verified_on"))),
                name="complaint_days_in_order",
                violation_error_message="告知、核实不能早于收到投诉，办结不能早于核实。",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("oversight:complaint", args=[self.pk])
