"""累计输送劳动力名册 of an application, and the running list of a station: head, lock, count."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from jinhua_labor.accounts.enums import OFFICE_ROLES, Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.review.models import Review
from stations.registry.models import Station


class RosterListQuerySet(models.QuerySet["RosterList"]):
    def visible_to(self, user: User) -> RosterListQuerySet:
        """An operator its own lists and its stations'; offices and the auditor those of stations and those whose
        application they may see."""
        if user.role == Role.OPERATOR:
            unit = user.organisation_id
            return self.filter(Q(operator=unit, station__isnull=True) | Q(station__operator=unit))
        if user.role in OFFICE_ROLES or user.role == Role.AUDITOR:
            handed_in = Q(application__review__in=Review.objects.visible_to(user))
            return self.filter(handed_in | Q(station__isnull=False))
        return self.none()


class RosterList(models.Model):
    """累计输送劳动力名册 of one application, or the running list of one `station`, into which everything goes that is
    delivered after its establishment: the head of 附件2, the lock of SUBMIT, and the count as it stands.

    A lower room knows the application only by what stands here: `locked_at` closes the list, `open_rows` names the
    rows that a 补正通知书 opened again, `created_by` is the clerk where the list came in at the counter.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    operator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="roster_lists")
    station = models.OneToOneField(
        Station, on_delete=models.PROTECT, null=True, blank=True, related_name="roster", verbose_name="工作站"
    )
    filler = models.CharField("填表人", max_length=50, blank=True)
    filler_phone = models.CharField("联系电话", max_length=20, blank=True)
    filled_on = models.DateField("填报日期", null=True, blank=True)
    locked_at = models.DateTimeField("锁定时间", null=True, blank=True)
    open_rows = ArrayField(models.UUIDField(), default=list, blank=True, verbose_name="可更正的行")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    # The count, written by recount only, so that no page has to add up 100 000 rows.
    rows = models.PositiveIntegerField("原始行数", default=0)
    persons = models.PositiveIntegerField("不同人员", default=0)
    counted = models.PositiveIntegerField("计入人数", default=0)
    pending = models.PositiveIntegerField("待核人数", default=0)
    excluded = models.PositiveIntegerField("不计行数", default=0)
    by_code = models.JSONField("各原因行数", default=dict, blank=True)
    counted_as_of = models.DateField("核算截至", null=True, blank=True)
    counted_at = models.DateTimeField("核算时间", null=True, blank=True)
    recount_due = models.BooleanField("待核算", default=False)  # rows changed and the recount has not run yet

    objects = RosterListQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["operator", "-created_at"], name="roster_list_of_operator"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(rows=F("counted") + F("pending") + F("excluded")),
                name="roster_tally_adds_up",
                violation_error_message="名册的计入、待核、不计之和与行数不一致。",
            ),
            models.CheckConstraint(
                condition=Q(open_rows=[]) | Q(locked_at__isnull=False),
                name="roster_open_rows_only_when_locked",
                violation_error_message="名册未锁定时不存在单独开放的行。",
            ),
            models.CheckConstraint(
                condition=Q(station__isnull=True) | Q(locked_at__isnull=True),
                name="roster_of_station_stays_open",
                violation_error_message="工作站的名册不随申请锁定，各年度在评估开始时冻结。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operator.name}输送名册"

    def get_absolute_url(self) -> str:
        if self.station_id is not None:
            return reverse("roster:station", args=[self.station_id])
        return reverse("roster:list", args=[self.pk])

    @property
    def is_locked(self) -> bool:
        return self.locked_at is not None
