"""全区人数汇总: what pages over the whole district say about its people, added up in the background."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from jinhua_labor.accounts.enums import OFFICE_ROLES, Role
from jinhua_labor.accounts.models import User


class HeadcountQuerySet(models.QuerySet["Headcount"]):
    def visible_to(self, user: User) -> HeadcountQuerySet:
        """Offices and the auditor."""
        return self if user.role in OFFICE_ROLES or user.role == Role.AUDITOR else self.none()


class Headcount(models.Model):
    """The one row of numbers that would otherwise mean reading a million deliveries for one page, with the moment for
    which they hold: people of all stations, 计入 rows of stations and of handed-in lists by month and 户籍省份."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    as_of = models.DateTimeField("汇总时间")
    people = models.PositiveIntegerField("工作站人员")  # each once, whatever counts
    by_month = models.JSONField("按入职月份", default=dict)  # yyyymm → 计入
    by_province = models.JSONField("按户籍省份", default=dict)  # code, "" where unread → 计入

    objects = HeadcountQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(id=1), name="headcount_only_one", violation_error_message="全区人数汇总只有一行。"
            ),
        ]

    def __str__(self) -> str:
        return f"全区人数汇总 {self.as_of:%Y-%m-%d %H:%M}"
