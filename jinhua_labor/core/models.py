"""The bureau's own working days, laid over the bundled calendar."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Count, Max

from jinhua_labor.core.workdays import forget_work_calendar


class CalendarDayQuerySet(models.QuerySet["CalendarDay"]):
    def version(self) -> tuple[int, dt.datetime | None]:
        """Number of rows and the newest change: differs whenever a row was added, changed or removed."""
        row = self.aggregate(count=Count("*"), newest=Max("updated_at"))
        return row["count"], row["newest"]


class CalendarDay(models.Model):
    """A day whose being worked or not the bureau recorded itself (工作日调整); it wins over the bundled calendar."""

    day = models.DateField("日期", primary_key=True)
    is_workday = models.BooleanField("是否工作日")
    note = models.CharField("说明", max_length=100, blank=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    objects = CalendarDayQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "工作日调整"
        ordering = ("day",)

    def __str__(self) -> str:
        return f"{self.day} {'上班' if self.is_workday else '放假'}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        forget_work_calendar()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        gone = super().delete(*args, **kwargs)
        forget_work_calendar()
        return gone
