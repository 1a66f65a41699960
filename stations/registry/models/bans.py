"""不得重新申报 after a revocation (R-35), by credit code."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q

from jinhua_labor.accounts.enums import OFFICE_ROLES, Role
from jinhua_labor.accounts.models import User

if TYPE_CHECKING:
    import datetime as dt


class BanQuerySet(models.QuerySet["Ban"]):
    def visible_to(self, user: User) -> BanQuerySet:
        """Offices and the auditor; a barred unit reads its own bar where it applies."""
        return self if user.role in OFFICE_ROLES or user.role == Role.AUDITOR else self.none()

    def in_force(self, credit_code: str, day: dt.date) -> BanQuerySet:
        """The bans of this unit on this day, its last day included (R-35)."""
        return self.filter(credit_code=credit_code, decided_on__lte=day, last_day__gte=day, lifted_on__isnull=True)


class Ban(models.Model):
    """2年内不得重新申报 (第八条): by credit code, through the exact last day (R-35)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    credit_code = models.CharField("统一社会信用代码", max_length=18)
    organisation_name = models.CharField("单位名称", max_length=100)
    decided_on = models.DateField("取消决定日期")
    last_day = models.DateField("不得申报截止日")
    document_no = models.CharField("决定文号", max_length=40, blank=True)
    lifted_on = models.DateField("解除日期", null=True, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = BanQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-decided_on"]
        indexes: ClassVar = [models.Index(fields=["credit_code", "last_day"], name="ban_of_unit")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(last_day__gt=F("decided_on")),
                name="ban_ends_later",
                violation_error_message="截止日必须晚于决定日期。",
            ),
        ]
