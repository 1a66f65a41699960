"""变更报备 (第六条（三）, R-23): what a station changes, when it said so, and how the work was handed over."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from jinhua_labor.accounts.enums import OFFICE_ROLES, Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.attachments.models import Attachment
from jinhua_labor.review.models import Review
from stations.oversight.enums import (
    HANDED_OVER,
    OPEN_CHANGES,
    PERSON_CHANGES,
    ChangeKind,
    ChangePaperSlot,
    ChangeSource,
    ChangeState,
    UnitCondition,
    UnitCredit,
    UnitVerdict,
)
from stations.registry.models import Station


class ChangeReportQuerySet(models.QuerySet["ChangeReport"]):
    def visible_to(self, user: User) -> ChangeReportQuerySet:
        """Offices and the auditor all; a unit what it reported, what hands a station to it, and its stations' past."""
        if user.role in OFFICE_ROLES or user.role == Role.AUDITOR:
            return self
        if user.role == Role.OPERATOR:
            unit = user.organisation_id
            return self.filter(Q(operator=unit) | Q(new_operator=unit) | Q(station__operator=unit))
        return self.none()


class ChangeReport(models.Model):
    """One change of a station: reported by it, or found by the centre although nobody reported it.

    `submitted_on` is the day of the first report: what is returned for a better form was reported all the same.
    `applied_on` is the day from which the change holds in the register; never before the effective day.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField("报备编号", max_length=30)  # BB-330703-YYYYMMDD-nnn
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="changes")
    operator = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="reported_changes", verbose_name="报备单位"
    )
    kind = models.CharField("变更事项", max_length=8, choices=ChangeKind.choices)
    source = models.CharField("来源", max_length=8, choices=ChangeSource.choices, default=ChangeSource.REPORTED)
    state = models.CharField("状态", max_length=9, choices=ChangeState.choices, default=ChangeState.SUBMITTED)
    old = models.JSONField("原内容", default=dict)
    new = models.JSONField("新内容", default=dict)
    reason = models.CharField("变更事由", max_length=500)
    effective_on = models.DateField("生效日期")
    submitted_on = models.DateField("报备日期", null=True, blank=True)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    on_time = models.BooleanField("事先报备", default=False)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    # The persons' accounts, where they have one: access moves with the work.
    old_account = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="原负责人的账号"
    )
    new_account = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="新负责人的账号"
    )

    # The centre's answer; for 承建单位 the review's.
    answer = models.CharField("备案或退回意见", max_length=500, blank=True)
    filed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    filed_at = models.DateTimeField("备案时间", null=True, blank=True)
    applied_on = models.DateField("执行日期", null=True, blank=True)

    # 工作交接
    handover_due_on = models.DateField("交接期限", null=True, blank=True)
    handover_on = models.DateField("交接日期", null=True, blank=True)
    handover_from = models.CharField("移交人签字", max_length=50, blank=True)
    handover_to = models.CharField("接收人签字", max_length=50, blank=True)
    handover_items = models.TextField("交接内容", max_length=1000, blank=True)

    # 承建单位
    review = models.OneToOneField(
        Review, on_delete=models.PROTECT, null=True, blank=True, related_name="change", verbose_name="两级审核"
    )
    new_operator = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="stations_to_take_over",
        verbose_name="接收单位",
    )
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    accepted_at = models.DateTimeField("接收单位确认时间", null=True, blank=True)
    agreement_from = models.DateField("新协议有效期起", null=True, blank=True)
    agreement_to = models.DateField("新协议有效期止", null=True, blank=True)
    credit_check = models.CharField("信用核查", max_length=8, choices=UnitCredit.choices, blank=True)
    credit_note = models.CharField("信用核查说明", max_length=200, blank=True)
    credit_waiver = models.CharField("局认可的理由", max_length=200, blank=True)

    objects = ChangeReportQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-effective_on", "-created_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["state", "created_at"], name="change_waiting"),
            models.Index(fields=["operator", "-created_at"], name="change_of_operator"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["number"], name="change_number_once", violation_error_message="报备编号重复，请重新提交。"
            ),
            models.UniqueConstraint(
                fields=["station", "kind"],
                condition=Q(state__in=list(OPEN_CHANGES)),
                name="change_one_open",
                violation_error_message="该工作站已有同一事项的变更正在办理，请先办结那一件。",
            ),
            models.CheckConstraint(
                condition=Q(kind=ChangeKind.OPERATOR, source=ChangeSource.REPORTED, review__isnull=False)
                | (~Q(kind=ChangeKind.OPERATOR) & Q(review__isnull=True)),
                name="change_of_operator_is_reviewed",
                violation_error_message="变更承建单位须经两级审核；其他变更由区就业服务中心备案。",
            ),
            models.CheckConstraint(
                condition=(Q(kind=ChangeKind.OPERATOR, new_operator__isnull=False) & ~Q(new_operator=F("operator")))
                | (~Q(kind=ChangeKind.OPERATOR) & Q(new_operator__isnull=True)),
                name="change_of_operator_names_another",
                violation_error_message="变更承建单位须写明接收单位，且不能是原单位。",
            ),
            models.CheckConstraint(
                condition=Q(source=ChangeSource.REPORTED, submitted_on__isnull=False, submitted_by__isnull=False)
                | Q(source=ChangeSource.FOUND, submitted_on__isnull=True, submitted_by__isnull=True, on_time=False),
                name="change_reported_has_day",
                violation_error_message="报备的变更须有报备日期和经办人；未报备的不能记为事先报备。",
            ),
            models.CheckConstraint(
                condition=Q(state=ChangeState.FILED, filed_at__isnull=False, filed_by__isnull=False)
                | (~Q(state=ChangeState.FILED) & Q(filed_at__isnull=True, filed_by__isnull=True)),
                name="change_filed_whole",
                violation_error_message="已备案的变更须同时记录备案人和时间。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ChangeState.RETURNED, ChangeState.REFUSED]) | ~Q(answer=""),
                name="change_returned_has_reason",
                violation_error_message="退回或不予变更须写明理由。",
            ),
            models.CheckConstraint(
                condition=Q(applied_on__isnull=True) | Q(state=ChangeState.FILED, applied_on__gte=F("effective_on")),
                name="change_applied_was_filed",
                violation_error_message="变更须在备案之后、生效日期当天或之后执行。",
            ),
            models.CheckConstraint(
                condition=Q(handover_on__isnull=True, handover_from="", handover_to="")
                | (Q(handover_on__isnull=False) & ~Q(handover_from="") & ~Q(handover_to="")),
                name="change_handover_signed",
                violation_error_message="工作交接须写明日期，并由移交人和接收人双方签字。",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False, new_operator__isnull=False),
                name="change_accepted_whole",
                violation_error_message="接收单位确认须同时记录经办人和时间。",
            ),
            models.CheckConstraint(
                condition=Q(agreement_from__isnull=True)
                | Q(agreement_to__isnull=True)
                | Q(agreement_to__gte=F("agreement_from")),
                name="change_agreement_in_order",
                violation_error_message="协议有效期的截止日期不能早于起始日期。",
            ),
            models.CheckConstraint(
                condition=Q(credit_check__in=["", UnitCredit.NONE]) | ~Q(credit_note=""),
                name="change_credit_has_note",
                violation_error_message="信用核查有不良记录或存疑的，须写明查询的平台和内容。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.station.name}变更{self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return reverse("oversight:change", args=[self.pk])

    @property
    def needs_handover(self) -> bool:
        return self.kind in HANDED_OVER

    @property
    def of_person(self) -> bool:
        return self.kind in PERSON_CHANGES

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_CHANGES


class ChangePaper(models.Model):
    """A file of a change; a replaced one stays."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    change = models.ForeignKey(ChangeReport, on_delete=models.PROTECT, related_name="papers")
    slot = models.CharField("材料", max_length=8, choices=ChangePaperSlot.choices)
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField("替换时间", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["slot", "added_at", "id"]


class UnitCheck(models.Model):
    """The centre's 符合/不符合 of a new 承建单位 per condition of 第三条 (R-09 … R-11)."""

    id = models.BigAutoField(primary_key=True)
    change = models.ForeignKey(ChangeReport, on_delete=models.PROTECT, related_name="checks")
    condition = models.CharField("条件", max_length=8, choices=UnitCondition.choices)
    verdict = models.CharField("判断", max_length=5, choices=UnitVerdict.choices)
    reason = models.CharField("说明", max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["change", "condition"], name="unit_check_once", violation_error_message="该条件已有判断。"
            ),
            models.CheckConstraint(
                condition=Q(verdict=UnitVerdict.MET) | ~Q(reason=""),
                name="unit_check_unmet_has_reason",
                violation_error_message="判断为不符合时必须写明理由。",
            ),
        ]
