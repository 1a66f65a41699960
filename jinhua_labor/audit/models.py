"""The journal (操作日志): who did what to which object, when and from where; append-only and sealed in a hash chain."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone

from .triggers import append_only
from .words import describe


class AuditEntry(models.Model):
    """One act. Name, role and organisation are copied: the journal stays true when a person changes the post.

    `seq` and `hash` are empty until the sealing job writes them (`audit.chain`).
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField("时间", default=timezone.now)
    # PROTECT: an account that acted is disabled, never deleted.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="操作人"
    )
    actor_name = models.CharField("操作人姓名", max_length=50, blank=True)
    role = models.CharField("角色", max_length=12, blank=True)
    organisation_name = models.CharField("单位", max_length=100, blank=True)
    action = models.CharField("操作", max_length=60)
    object_type = models.CharField("对象类别", max_length=60, blank=True)
    object_id = models.CharField("对象编号", max_length=40, blank=True)
    object_title = models.CharField("对象", max_length=200, blank=True)
    purpose = models.CharField("用途", max_length=200, blank=True)
    detail = models.JSONField("内容", default=dict, encoder=DjangoJSONEncoder)
    ip = models.GenericIPAddressField("IP 地址", null=True)
    request_id = models.CharField("请求编号", max_length=32, blank=True)
    seq = models.BigIntegerField("链序号", null=True)
    hash = models.BinaryField("链校验值", max_length=32, null=True)

    class Meta:
        verbose_name = verbose_name_plural = "操作日志"
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["object_type", "object_id", "-id"], name="audit_object"),
            models.Index(fields=["actor", "-id"], name="audit_actor"),
            models.Index(fields=["action", "-id"], name="audit_action"),
            models.Index(fields=["at"], name="audit_at"),
            models.Index(fields=["id"], condition=Q(seq__isnull=True), name="audit_unsealed"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["seq"], name="audit_seq_once", violation_error_message="链序号重复。"),
            models.CheckConstraint(
                condition=Q(seq__isnull=True, hash__isnull=True) | Q(seq__isnull=False, hash__isnull=False),
                name="audit_seq_has_hash",
                violation_error_message="链序号与校验值必须同时写入。",
            ),
        ]
        triggers: ClassVar = append_only(seal_columns=("seq", "hash"))

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.action}"

    @property
    def action_words(self) -> str:
        """The act in plain words, for the page."""
        return describe(self.action)
