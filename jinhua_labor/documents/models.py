"""Documents that went out under a number: what they said, and the signed copy."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from jinhua_labor.accounts.models import User
from jinhua_labor.attachments.models import Attachment


class DocumentKind(models.TextChoices):
    ESTABLISHMENT = "ESTABLISHMENT", "设立文件"
    REVOCATION = "REVOCATION", "取消资格决定"
    RENEWAL = "RENEWAL", "续期批复"
    RECOGNITION = "RECOGNITION", "优秀站点认定"
    TITLE_END = "TITLE_END", "撤销优秀站点称号"


class IssuedDocument(models.Model):
    """公文 with its 发文字号 (unique: it names office, year and serial) and 成文日期; the signed file, by digest."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("文种", max_length=16, choices=DocumentKind.choices)
    doc_no = models.CharField("发文字号", max_length=40)
    title = models.CharField("标题", max_length=120)
    issued_on = models.DateField("成文日期")
    content = models.JSONField("内容", default=dict)  # what the draft said when the number was entered
    content_sha256 = models.CharField(max_length=64)
    signed_file = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+", verbose_name="盖章件")
    signed_sha256 = models.CharField(max_length=64)
    signed_sm3 = models.CharField(max_length=64)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-issued_on", "doc_no"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["doc_no"], name="doc_no_once", violation_error_message="该发文字号已经使用，请核对。"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.doc_no} {self.title}"
