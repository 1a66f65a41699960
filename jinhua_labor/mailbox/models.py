"""Messages to people (消息): the inbox in the portal and the e-mail that points to it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from jinhua_labor.core.clock import now

if TYPE_CHECKING:
    from jinhua_labor.accounts.models import User


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: User) -> MessageQuerySet:
        """One's own messages; nobody reads another's."""
        return self.filter(user=user.pk)

    def unread(self) -> MessageQuerySet:
        return self.filter(read_at__isnull=True)


class Message(models.Model):
    """One message in one person's inbox; a message to an organisation or a role is one row for each of its people."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="收件人"
    )
    subject = models.CharField("标题", max_length=120)
    body = models.TextField("内容", max_length=2000, blank=True)
    link = models.CharField("相关页面", max_length=200, blank=True)
    created_at = models.DateTimeField("时间", default=now)
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "消息"
        ordering: ClassVar = ["-created_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["user", "-created_at"], name="message_inbox"),
            models.Index(fields=["user"], condition=Q(read_at__isnull=True), name="message_unread"),
        ]

    def __str__(self) -> str:
        return self.subject


class EmailState(models.TextChoices):
    WAITING = "WAITING", "待发送"
    SENT = "SENT", "已发送"
    DEAD = "DEAD", "发送失败"


class OutgoingEmail(models.Model):
    """The outbox: an e-mail written with its message in one transaction and sent by a task, again and again if need be.

    Its id is the Message-ID, so a mail sent twice by a crash is recognised as one by the receiving side.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="email")  # nothing without it
    to = models.EmailField("收件地址")
    state = models.CharField("状态", max_length=10, choices=EmailState.choices, default=EmailState.WAITING)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    due_at = models.DateTimeField("下次发送", default=timezone.now)
    sent_at = models.DateTimeField("发送时间", null=True, blank=True)
    error = models.CharField("最近错误", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "待发邮件"
        ordering: ClassVar = ["due_at", "id"]
        indexes: ClassVar = [models.Index(fields=["due_at"], condition=Q(state="WAITING"), name="email_due")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state=EmailState.SENT, sent_at__isnull=False)
                | (~Q(state=EmailState.SENT) & Q(sent_at__isnull=True)),
                name="email_sent_at_iff_sent",
                violation_error_message="邮件状态与发送时间不一致。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.to}：{self.get_state_display()}"
