"""An uploaded roster on its way into the list."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.attachments.models import Attachment
from jinhua_labor.core.fields import BlindIndexField, EncryptedTextField
from jinhua_labor.jobs.models import Job
from stations.registry.models import Employer
from stations.roster.enums import BatchState, Decision, EmploymentForm, StagedState

from .lists import RosterList
from .people import ID_CONTEXT, RAW_CONTEXT


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    def visible_to(self, user: User) -> ImportBatchQuerySet:
        """An operator the imports of its own; a counter clerk those he started; others look at the list instead."""
        if user.role == Role.OPERATOR:
            return self.filter(operator=user.organisation_id)
        if user.role == Role.CENTRE:
            return self.filter(roster_list__created_by=user.pk)
        return self.none()


class ImportBatch(models.Model):
    """One uploaded roster file on its way from 选文件 through 核对 to 提交."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    operator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="import_batches")
    roster_list = models.ForeignKey(RosterList, on_delete=models.PROTECT, related_name="batches")
    file = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")  # progress only
    state = models.CharField("状态", max_length=10, choices=BatchState.choices, default=BatchState.READING)
    problem = models.CharField("未能读取的原因", max_length=300, blank=True)
    sheet = models.CharField("工作表", max_length=60, blank=True)
    header = models.JSONField(default=dict, blank=True)  # column letter → field, header row, other candidate sheets
    default_form = models.CharField("用工形式", max_length=12, choices=EmploymentForm.choices, blank=True)
    consent_version = models.CharField("告知同意文本版本", max_length=10, blank=True)
    consent_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    consent_at = models.DateTimeField("告知同意声明时间", null=True, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    committed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    committed_at = models.DateTimeField("提交时间", null=True, blank=True)
    committed_rows = models.PositiveIntegerField(default=0)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state=BatchState.COMMITTED, committed_at__isnull=False, committed_by__isnull=False)
                | (~Q(state=BatchState.COMMITTED) & Q(committed_at__isnull=True, committed_by__isnull=True)),
                name="batch_committed_has_at",
                violation_error_message="名册提交状态与提交时间不一致。",
            ),
            # 个人信息保护法第23条: no row reaches the centre without the declaration.
            models.CheckConstraint(
                condition=~Q(state=BatchState.COMMITTED)
                | (
                    ~Q(default_form="") & ~Q(consent_version="") & Q(consent_at__isnull=False, consent_by__isnull=False)
                ),
                name="batch_committed_has_declaration",
                violation_error_message="请先声明用工形式并确认已逐人告知并取得单独同意。",
            ),
        ]

    def __str__(self) -> str:
        return f"名册导入 {self.created_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("roster:import", args=[self.pk])


class StagedRow(models.Model):
    """A row of an uploaded file before it is committed; what cannot be committed stays here with its problems."""

    id = models.BigAutoField(primary_key=True)
    # Goes with its file. Written by one COPY under the batch's lock, so neither a check per row nor an index of its own
    # (the unique key leads with it): both would be a third of the time of an import.
    batch = models.ForeignKey(
        ImportBatch, on_delete=models.CASCADE, related_name="rows", db_constraint=False, db_index=False
    )
    row_no = models.PositiveIntegerField("行号")
    uid = models.UUIDField(default=uuid.uuid4)  # what the delivery, and the person if he is new, will be called
    state = models.CharField(max_length=8, choices=StagedState.choices)
    # [[code, column, field, message, severity]]; NULL for most rows: nothing to write, nothing to parse
    problems = models.JSONField(null=True, blank=True)
    raw = EncryptedTextField(context=RAW_CONTEXT, null=True, blank=True)  # cells as typed (JSON), kept for bad rows
    name = models.CharField(max_length=50, blank=True)
    id_number = EncryptedTextField(context=ID_CONTEXT, null=True, blank=True)
    id_index = BlindIndexField(null=True, blank=True)
    last4 = models.CharField(max_length=4, blank=True)
    id_province = models.CharField(max_length=2, blank=True)
    sex = models.CharField(max_length=1, blank=True)
    birth = models.DateField(null=True, blank=True)
    hukou_text = models.CharField(max_length=100, blank=True)
    hukou_province = models.CharField(max_length=2, blank=True)
    employer_text = models.CharField(max_length=100, blank=True)
    employer_key = models.CharField(max_length=100, blank=True)
    employer = models.ForeignKey(
        Employer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name="对应企业",
    )  # from the operator's aliases; the delivery's own reference is checked
    entry_on = models.DateField(null=True, blank=True)
    form = models.CharField(
        max_length=12, choices=EmploymentForm.choices, db_default="", blank=True
    )  # else the batch's
    extras = models.JSONField(null=True, blank=True)  # post, education, skill, certificate_no, leave_on
    asks = models.JSONField(null=True, blank=True)  # what it resembles: a delivery, or an earlier row of the file
    decision = models.CharField(max_length=8, choices=Decision.choices, db_default="", blank=True)  # where the row asks

    class Meta:
        ordering: ClassVar = ["row_no", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["batch", "row_no"], name="staged_row_once", violation_error_message="该行已读入。"
            ),
        ]

    def __str__(self) -> str:
        return f"第 {self.row_no} 行"
