"""What social insurance says: extracts and the months in them, append-only."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from jinhua_labor.accounts.enums import OFFICE_ROLES, Role
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments.models import Attachment
from stations.registry.models import Station

from .lists import RosterList
from .people import Person


class InsuranceExtractQuerySet(models.QuerySet["InsuranceExtract"]):
    def visible_to(self, user: User) -> InsuranceExtractQuerySet:
        """What was asked for stations, to the offices and the auditor; what belongs to a list is shown with it."""
        if user.role in OFFICE_ROLES or user.role == Role.AUDITOR:
            return self.filter(roster_list__isnull=True)
        return self.none()


class InsuranceExtract(models.Model):
    """A social-insurance result the centre brought in, or ticked by hand: which months, asked for whom, from where.

    It was asked for a list, for a station, or for all stations of the district (`district`). `whole_list` says that
    everyone there was asked for, so that who is not found was not insured in these months; a tick by hand asks only
    for the person it names.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    roster_list = models.ForeignKey(
        RosterList, on_delete=models.PROTECT, null=True, blank=True, related_name="extracts"
    )
    station = models.ForeignKey(Station, on_delete=models.PROTECT, null=True, blank=True, related_name="extracts")
    district = models.BooleanField("查询范围为全区工作站", default=False)
    file = models.ForeignKey(Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField("来源", max_length=100)
    whole_list = models.BooleanField("查询范围为整份名册", default=True)
    month_from = models.IntegerField("查询起月")
    month_to = models.IntegerField("查询止月")
    asked = models.PositiveIntegerField("查询人数", default=0)
    found = models.PositiveIntegerField("查到人数", default=0)
    unmatched = models.PositiveIntegerField("未匹配行数", default=0)
    notes = models.JSONField(
        default=list, blank=True
    )  # contradictions and unread lines: row number and words, no numbers
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = InsuranceExtractQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(month_to__gte=F("month_from")),
                name="extract_months_in_order",
                violation_error_message="查询止月不能早于起月。",
            ),
            models.CheckConstraint(
                condition=Q(roster_list__isnull=False, station__isnull=True, district=False)
                | Q(roster_list__isnull=True, station__isnull=False, district=False)
                | Q(roster_list__isnull=True, station__isnull=True, district=True),
                name="extract_has_one_scope",
                violation_error_message="参保查询须针对一份名册、一个工作站或全区工作站。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.month_from}–{self.month_to}"


class InsuredMonth(models.Model):
    """费款所属期 of a person; append-only, the latest extract that covers the month holds."""

    id = models.BigAutoField(primary_key=True)
    extract = models.ForeignKey(InsuranceExtract, on_delete=models.PROTECT, related_name="months", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="insured_months", db_index=False)
    month = models.IntegerField("费款所属期")  # yyyymm
    kind = models.CharField("险种", max_length=40)
    place = models.CharField("参保地", max_length=6)
    payer_code = models.CharField("缴费单位信用代码", max_length=18)
    status = models.CharField("缴费状态", max_length=4)  # 实缴 欠缴 补缴
    paid_on = models.DateField("到账日期", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["person_id", "month", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["extract", "person", "month", "kind", "place", "payer_code"],
                name="insured_month_once",
                violation_error_message="同一查询结果中该月重复。",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["person", "month"], name="insured_month_of_person")]

    def __str__(self) -> str:
        return f"{self.month} {self.status}"
