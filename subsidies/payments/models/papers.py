"""审批表 and 拨付表 that gave way to new ones when a grant was taken out of their batch: kept as they were (R-46)."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from jinhua_labor.accounts.models import User
from jinhua_labor.attachments.models import Attachment

from .batches import READERS, Batch


class FormerPapersQuerySet(models.QuerySet["FormerPapers"]):
    def visible_to(self, user: User) -> FormerPapersQuerySet:
        """As the batch they belonged to."""
        return self if user.role in READERS else self.none()


class FormerPapers(models.Model):
    """One edition of both papers of a batch, what it said in sum, and who replaced it when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="former", verbose_name="批次")
    edition = models.PositiveSmallIntegerField("第几版")
    lines = models.PositiveIntegerField("笔数")
    total = models.DecimalField("合计金额", max_digits=14, decimal_places=2)
    payment_sheet = models.OneToOneField(Attachment, on_delete=models.PROTECT, related_name="+", verbose_name="拨付表")
    approval_sheet = models.OneToOneField(Attachment, on_delete=models.PROTECT, related_name="+", verbose_name="审批表")
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    issued_on = models.DateField("拨付表日期")
    replaced_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="替换人")
    replaced_on = models.DateField("替换日期")
    replaced_at = models.DateTimeField(default=timezone.now)

    objects = FormerPapersQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["batch", "edition"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["batch", "edition"],
                name="former_papers_once",
                violation_error_message="这个批次的这一版已经留存。",
            ),
            models.CheckConstraint(
                condition=Q(edition__gte=1, lines__gte=1, total__gt=0) & Q(replaced_on__gte=F("issued_on")),
                name="former_papers_whole",
                violation_error_message="留存的审批表和拨付表须有版次、笔数和金额，替换不早于生成。",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="former_papers_kept", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.batch}第{self.edition}版"
