"""输送: who was delivered to whom and when, and what the centre settled about it."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from jinhua_labor.accounts.enums import OFFICE_ROLES, Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.attachments.models import Attachment
from stations.registry.models import Employer, Station
from stations.roster.enums import CountStatus, EmploymentForm, LeaveReason, ReasonCode
from stations.roster.triggers import frozen_years, referred_to, refers

from .imports import ImportBatch
from .lists import RosterList
from .people import Person

pgtrigger.register(referred_to("employer_id"))(Employer)


def seen_by(user: User, path: str = "") -> Q:
    """Which deliveries this person may see: an operator its own and those of its stations, which move with a station to
    another operator; offices and auditor those of lists handed in or imported to stations.

    `path` leads from a row to its delivery: asked so, a few certificates are joined to their deliveries, where a
    subquery of all visible ones reads the whole table.
    """
    if user.role == Role.OPERATOR:
        unit = user.organisation_id
        own = Q(**{f"{path}operator": unit, f"{path}station__isnull": True})
        return own | Q(**{f"{path}station__operator": unit})
    if user.role in OFFICE_ROLES or user.role == Role.AUDITOR:
        lists = RosterList.objects.visible_to(user).values("pk")
        return Q(**{f"{path}roster_list__in": lists}) | Q(**{f"{path}station__isnull": False})
    return Q(pk__in=[])


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, user: User) -> DeliveryQuerySet:
        """As `seen_by` says."""
        return self.filter(seen_by(user))


@pghistory.track(
    pghistory.UpdateEvent(
        row="OLD",  # what stood there before; what stands there now is the row itself
        condition=pghistory.AnyChange(
            "name",
            "person",
            "hukou_text",
            "hukou_province",
            "employer",
            "entry_on",
            "employment_form",
            "contract_employer_code",
            "post",
            "education",
            "skill",
            "certificate_no",
            "leave_on",
            "leave_reason",
            "station",
            "roster_list",
        ),
    ),
    pghistory.DeleteEvent(),
    exclude=["codes", "flags", "counted_at"],
)
class Delivery(models.Model):
    """输送: a person delivered by an operator to an employer on a day (附件2). Raw; who counts is `status` (R-02)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # None of these has PostgreSQL's check per row or an index of its own: `triggers.refers` checks once a statement,
    # `delivery_once` leads with the person and `delivery_of_list` with the list.
    operator = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="deliveries", db_index=False, db_constraint=False
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="deliveries", db_index=False, db_constraint=False
    )
    employer = models.ForeignKey(
        Employer,
        on_delete=models.PROTECT,
        related_name="deliveries",
        db_index=False,
        db_constraint=False,
        verbose_name="入职企业",
    )
    entry_on = models.DateField("入职时间")
    roster_list = models.ForeignKey(
        RosterList,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deliveries",
        db_index=False,
        db_constraint=False,
    )
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, null=True, blank=True, related_name="deliveries", db_index=False
    )
    batch = models.ForeignKey(
        ImportBatch,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deliveries",
        db_index=False,
        db_constraint=False,
    )
    seq = models.PositiveIntegerField("序号", default=0)  # order of the list as printed
    name = models.CharField("姓名", max_length=50)
    hukou_text = models.CharField("户籍", max_length=100)
    hukou_province = models.CharField("户籍省份", max_length=2, blank=True)  # read from the text; unread → E04
    employment_form = models.CharField("用工形式", max_length=12, choices=EmploymentForm.choices)
    contract_employer_code = models.CharField("合同用人单位代码", max_length=18, blank=True)  # outsourcing only
    post = models.CharField("岗位", max_length=60, blank=True)
    education = models.CharField("文化程度", max_length=20, blank=True)
    skill = models.CharField("技能等级/职称", max_length=40, blank=True)
    certificate_no = models.CharField("证书编号", max_length=40, blank=True)
    leave_on = models.DateField("离职时间", null=True, blank=True)
    leave_reason = models.CharField(
        "离职原因", max_length=10, choices=LeaveReason.choices, blank=True, default="", db_default=""
    )  # an imported leave date comes without one
    consent_version = models.CharField("告知同意文本版本", max_length=10)
    consent_at = models.DateTimeField("告知同意声明时间")
    created_at = models.DateTimeField(db_default=Now())

    # Written by recount only, from the pure rule; frozen elsewhere at decisions.
    status = models.CharField("计入状态", max_length=8, choices=CountStatus.choices, default=CountStatus.PENDING)
    codes = ArrayField(models.CharField(max_length=3), default=list, blank=True, verbose_name="原因代码")
    flags = ArrayField(models.CharField(max_length=20), default=list, blank=True, verbose_name="提示")
    qualified_on = models.DateField("计入日期", null=True, blank=True)
    counted_at = models.DateTimeField("核算时间", null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["seq", "id"]
        indexes: ClassVar = [
            models.Index(fields=["roster_list", "seq"], name="delivery_of_list"),
            models.Index(
                fields=["station", "entry_on"], condition=Q(station__isnull=False), name="delivery_of_station"
            ),
            # Persons registered by two stations are few among a million rows; the centre's page of claims lists them.
            models.Index(fields=["person"], condition=Q(codes__contains=[ReasonCode.E14]), name="delivery_claimed"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "operator", "employer", "entry_on"],
                name="delivery_once",
                violation_error_message="该人员在该企业的同一入职时间已登记，不重复导入。",
            ),
            models.CheckConstraint(
                condition=Q(leave_on__isnull=True) | Q(leave_on__gte=F("entry_on")),
                name="delivery_leaves_after_entry",
                violation_error_message="离职时间不能早于入职时间。",
            ),
            models.CheckConstraint(
                condition=Q(leave_reason="") | Q(leave_on__isnull=False),
                name="delivery_leave_reason_has_day",
                violation_error_message="写明离职原因的须同时填写离职时间。",
            ),
        ]
        triggers: ClassVar = [*refers(), *frozen_years()]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("roster:row", args=[self.pk])


class Adjudication(models.Model):
    """认定: a person of the centre settles what the data leave open (hukou proof, post evidence, back-payment…)."""

    id = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey(
        Delivery, on_delete=models.CASCADE, related_name="adjudications"
    )  # goes with its row; the journal keeps what was settled
    code = models.CharField("待核事项", max_length=3)  # the PENDING code it settles: E04, E14, E15, E18, E19
    accepted = models.BooleanField("认可")
    reason = models.CharField("依据", max_length=200)
    proof = models.ForeignKey(Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["delivery", "code"], name="adjudication_once", violation_error_message="该待核事项已认定。"
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="adjudication_has_reason", violation_error_message="请写明认定依据。"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {'认可' if self.accepted else '不认可'}"
