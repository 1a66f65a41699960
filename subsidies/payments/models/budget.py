"""预算: what the bureau planned for a fiscal year; a later entry takes the place of an earlier one, none is lost."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from jinhua_labor.accounts.models import User

from .batches import READERS


class BudgetEntryQuerySet(models.QuerySet["BudgetEntry"]):
    def visible_to(self, user: User) -> BudgetEntryQuerySet:
        """Who sees the batches."""
        return self if user.role in READERS else self.none()


class BudgetEntry(models.Model):
    """One recorded 预算数 of a year: the first, or a changed one with its reason. The latest holds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    year = models.PositiveSmallIntegerField("预算年度")
    number = models.PositiveSmallIntegerField("第几次")
    amount = models.DecimalField("预算金额", max_digits=14, decimal_places=2)
    basis = models.CharField("依据", max_length=200)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="录入人")
    entered_at = models.DateTimeField("录入时间", default=timezone.now)

    objects = BudgetEntryQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-year", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["year", "number"],
                name="budget_entry_once",
                violation_error_message="预算刚刚由他人修改，请刷新后再录入。",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2021, year__lte=2100, number__gte=1),
                name="budget_entry_year",
                violation_error_message="预算年度从2021年起。",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="budget_entry_not_negative",
                violation_error_message="预算金额不能小于零。",
            ),
            models.CheckConstraint(
                condition=~Q(basis=""),
                name="budget_entry_has_basis",
                violation_error_message="录入或调整预算须写明依据。",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="budget_entry_kept", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.year}年度预算"
