"""Uploaded files (附件): one row a file, which says itself who may see it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from jinhua_labor.core.clock import now, today

from .enums import Audience, FileState

if TYPE_CHECKING:
    import datetime as dt

    from django.contrib.auth.models import AnonymousUser

    from jinhua_labor.accounts.models import User

OFFICE_AUDIENCES = (Audience.PUBLIC, Audience.PARTY_AND_OFFICE, Audience.OFFICE)
PARTY_AUDIENCES = (Audience.PUBLIC, Audience.PARTY_AND_OFFICE)


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, user: User | AnonymousUser) -> AttachmentQuerySet:
        """What this person may know of: the public what is released, everyone else by role, party and share.

        Seeing the row does not open the file: a secret one is opened by a logged POST only.
        """
        released = Q(audience=Audience.PUBLIC, released_at__isnull=False)
        if not user.is_authenticated:
            return self.filter(released)
        match user.role:
            case "AUDITOR":
                return self
            case "CENTRE":
                return self.filter(Q(audience__in=OFFICE_AUDIENCES) | Q(audience=Audience.CENTRE))
            case "BUREAU":
                return self.filter(audience__in=OFFICE_AUDIENCES)
            case "OPERATOR":
                own = Q(organisation=user.organisation_id) | Exists(_shared_with(user))
                return self.filter(released | (Q(audience__in=PARTY_AUDIENCES) & own))
            case "ASSOCIATION":
                return self.filter(released | (Q(secret=False) & Exists(_shared_with(user))))
            case _:
                return self.filter(released)


def _shared_with(user: User) -> AttachmentShareQuerySet:
    """Open shares of the file at hand with this person's unit."""
    return AttachmentShare.objects.open_on(today()).filter(attachment=OuterRef("pk"), organisation=user.organisation_id)


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Attachment(models.Model):
    """A checked file. `stored_name` lies under MEDIA_ROOT; `preview_name` is the normalised copy shown in place."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # PROTECT: a party with files on record is disabled, never deleted.
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="attachments", verbose_name="所属单位"
    )
    audience = models.CharField("可见范围", max_length=20, choices=Audience.choices)
    secret = models.BooleanField("证件类", default=False)
    kind = models.CharField("用途", max_length=40, blank=True)
    name = models.CharField("文件名", max_length=100)
    content_type = models.CharField("类型", max_length=100)
    size = models.PositiveBigIntegerField("大小（字节）")
    sha256 = models.CharField("SHA-256", max_length=64)
    original_size = models.PositiveBigIntegerField("上传时大小（字节）")
    original_sha256 = models.CharField("上传时 SHA-256", max_length=64)
    stored_name = models.CharField("存储名", max_length=120, unique=True)
    preview_name = models.CharField("预览副本", max_length=120, blank=True)
    preview_sha256 = models.CharField("预览副本 SHA-256", max_length=64, blank=True)
    preview_type = models.CharField("预览副本类型", max_length=100, blank=True)
    pages = models.PositiveIntegerField("页数", null=True, blank=True)
    width = models.PositiveIntegerField("宽", null=True, blank=True)
    height = models.PositiveIntegerField("高", null=True, blank=True)
    state = models.CharField("状态", max_length=12, choices=FileState.choices, default=FileState.OK)
    checked_at = models.DateTimeField("最近核对", null=True, blank=True)
    released_at = models.DateTimeField("公开时间", null=True, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="上传人"
    )
    uploaded_at = models.DateTimeField("上传时间", default=now)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "附件"
        ordering: ClassVar = ["uploaded_at", "id"]
        indexes: ClassVar = [models.Index(fields=["organisation", "uploaded_at"], name="attachment_party")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(released_at__isnull=True) | Q(audience=Audience.PUBLIC),
                name="attachment_released_is_public",
                violation_error_message="只有公开范围的文件可以发布。",
            ),
            models.CheckConstraint(
                condition=~(Q(secret=True) & Q(audience=Audience.PUBLIC)),
                name="attachment_secret_never_public",
                violation_error_message="证件类文件不能公开。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("attachments:download", args=[self.pk])

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def can_preview(self) -> bool:
        """Shown in place: a normalised copy exists, the file is in order and not of a secret class."""
        return bool(self.preview_type) and self.state == FileState.OK and not self.secret


class AttachmentShareQuerySet(models.QuerySet["AttachmentShare"]):
    def open_on(self, day: dt.date) -> AttachmentShareQuerySet:
        """Shares that open their file on this day, the last day included; a closed one opens it no more."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), closed_at__isnull=True)


class AttachmentShare(models.Model):
    """A file shown to a unit it does not belong to; its end, or closing it, keeps the dated row.

    To the association while an assignment (委托) is open, with its last day; to the unit that takes a station over, for
    as long as the station is its own. `matter` is the identity of what it was opened for in the room above: two matters
    may share one file.
    """

    id = models.BigAutoField(primary_key=True)
    attachment = models.ForeignKey(Attachment, on_delete=models.CASCADE, related_name="shares")  # goes with the file
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    matter = models.UUIDField("事项")
    reason = models.CharField("事由", max_length=200)
    until = models.DateField("截止日期", null=True, blank=True)  # the last day, included; null: until it is closed
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField("开始", default=now)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField("结束", null=True, blank=True)

    objects = AttachmentShareQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-opened_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["attachment", "organisation", "matter"],
                condition=Q(closed_at__isnull=True),
                name="attachment_share_open_once",
                violation_error_message="该文件已为这一事项对该单位开放。",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="attachment_share_closed_whole",
                violation_error_message="停止开放须同时记录时间和经办人。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attachment} → {self.organisation}"
