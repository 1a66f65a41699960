"""Everything that writes an attachment."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import now
from jinhua_labor.core.errors import Refused

from . import storage
from .antivirus import Verdict, scan
from .content import TYPES, Checked, UploadError, check
from .enums import Audience, FileState
from .models import PARTY_AUDIENCES, Attachment, AttachmentShare
from .names import clean_name

if TYPE_CHECKING:
    import datetime as dt
    import uuid

    from django.db.models import QuerySet

    from jinhua_labor.accounts.models import Organisation, User

__all__ = [
    "UploadError",
    "close_all",
    "close_share",
    "close_shares",
    "discard",
    "narrow",
    "release",
    "share",
    "share_all",
    "store",
    "store_generated",
]

PAPERS = ("pdf", "jpeg", "png")
_WIDTH = [Audience.CENTRE, Audience.OFFICE, Audience.PARTY_AND_OFFICE, Audience.PUBLIC]


class Upload(Protocol):
    """What a Django form hands over."""

    name: str | None
    size: int | None

    def read(self) -> bytes: ...


def store(
    upload: Upload,
    *,
    by: User,
    organisation: Organisation,
    audience: str,
    kinds: tuple[str, ...] = PAPERS,
    secret: bool = False,
    kind: str = "",
) -> Attachment:
    """Checks an uploaded file and keeps its harmless copy; the row and the file stand or fall with the transaction.

    `kinds` are the contents accepted (keys of `content.TYPES`), `secret` marks a paper of identity, `kind` is the
    room's own word for its use. Raises UploadError with the reason and what to do; nothing is kept then.
    """
    limit = settings.UPLOAD_MAX_BYTES
    if (upload.size or 0) > limit:
        raise UploadError(f"文件超过 {limit // 1024 // 1024} MB，请压缩或分成几份后再上传。")
    data = upload.read()
    if len(data) > limit:
        raise UploadError(f"文件超过 {limit // 1024 // 1024} MB，请压缩或分成几份后再上传。")
    checked = check(data, kinds=kinds)
    verdict = scan(data)
    if verdict is Verdict.INFECTED:
        raise UploadError("安全检查发现这个文件带有病毒，已拒收。请在电脑上查杀后重新制作。")
    return _keep(
        checked,
        original=data,
        name=clean_name(upload.name or "", checked.suffix),
        by=by,
        organisation=organisation,
        audience=audience,
        secret=secret,
        kind=kind,
        state=FileState.OK if verdict is Verdict.CLEAN else FileState.QUARANTINED,
    )


def store_generated(
    content: bytes,
    *,
    name: str,
    file_type: str,
    by: User,
    organisation: Organisation,
    audience: str,
    secret: bool = False,
    kind: str = "",
    pages: int | None = None,
) -> Attachment:
    """Keeps a file the portal made itself (a receipt, an annotated copy); `file_type` is a key of `content.TYPES`."""
    checked = Checked(file_type, content, content if file_type in PAPERS else None, pages=pages)
    return _keep(
        checked,
        original=content,
        name=clean_name(name, TYPES[file_type][1]),
        by=by,
        organisation=organisation,
        audience=audience,
        secret=secret,
        kind=kind,
        state=FileState.OK,
    )


def _keep(
    checked: Checked,
    *,
    original: bytes,
    name: str,
    by: User,
    organisation: Organisation,
    audience: str,
    secret: bool,
    kind: str,
    state: FileState,
) -> Attachment:
    with transaction.atomic():
        contents = [(checked.stored, checked.suffix)]
        separate = checked.preview is not None and checked.preview is not checked.stored
        if separate and checked.preview is not None:
            contents.append((checked.preview, checked.suffix))
        names = storage.write(contents)
        stored_sha = hashlib.sha256(checked.stored).hexdigest()
        return Attachment.objects.create(
            organisation=organisation,
            audience=audience,
            secret=secret,
            kind=kind,
            name=name,
            content_type=checked.content_type,
            size=len(checked.stored),
            sha256=stored_sha,
            original_size=len(original),
            original_sha256=hashlib.sha256(original).hexdigest(),
            stored_name=names[0],
            preview_name=names[-1] if checked.preview is not None else "",
            preview_sha256=hashlib.sha256(checked.preview).hexdigest() if checked.preview is not None else "",
            preview_type=checked.content_type if checked.preview is not None else "",
            pages=checked.pages,
            width=checked.width,
            height=checked.height,
            state=state,
            uploaded_by=by,
        )


@transaction.atomic
def discard(attachment: Attachment, *, by: User) -> None:
    """Forgets a file nobody has handed in yet: the row now, the file once this is committed.

    A file another row rests on is protected by the database (ProtectedError).
    """
    record(by=by, action="attachment.discard", obj=attachment, detail={"sha256": attachment.sha256})
    names = {attachment.stored_name, attachment.preview_name}
    attachment.delete()
    storage.remove(sorted(names))


@transaction.atomic
def narrow(attachment: Attachment, *, by: User, audience: str) -> Attachment:
    """Shows the file to fewer people. Raises Refused when `audience` would be wider than now."""
    locked = Attachment.objects.select_for_update().get(pk=attachment.pk)
    if _WIDTH.index(Audience(audience)) > _WIDTH.index(Audience(locked.audience)):
        raise Refused("文件的可见范围只能缩小，不能放大。")
    record(by=by, action="attachment.narrow", obj=locked, detail={"before": locked.audience, "after": audience})
    locked.audience = audience
    if audience != Audience.PUBLIC:
        locked.released_at = None
    locked.save(update_fields=["audience", "released_at"])
    return locked


@transaction.atomic
def release(attachment: Attachment, *, by: User) -> Attachment:
    """Publishes a file stored for the public. Raises Refused for any other audience."""
    locked = Attachment.objects.select_for_update().get(pk=attachment.pk)
    if locked.audience != Audience.PUBLIC or locked.secret:
        raise Refused("只有公开范围的文件可以发布。")
    if locked.released_at is None:
        locked.released_at = now()
        locked.save(update_fields=["released_at"])
        record(by=by, action="attachment.release", obj=locked)
    return locked


@transaction.atomic
def share(
    attachment: Attachment, *, by: User, organisation: Organisation, matter: uuid.UUID, reason: str, until: dt.date
) -> AttachmentShare:
    """Opens a file to the association for one matter through `until`; repeated calls give the open row.

    Raises Refused for a paper of identity: that class is shared with nobody.
    """
    if attachment.secret:
        raise Refused("证件类文件不能提供给协会。")
    row, created = AttachmentShare.objects.get_or_create(
        attachment=attachment,
        organisation=organisation,
        matter=matter,
        closed_at=None,
        defaults={"reason": reason, "until": until, "opened_by": by},
    )
    if created:
        detail = {"to": organisation.name, "reason": reason, "until": until.isoformat()}
        record(by=by, action="attachment.share", obj=attachment, detail=detail)
    return row


@transaction.atomic
def share_all(
    files: QuerySet[Attachment], *, by: User, organisation: Organisation, matter: uuid.UUID, reason: str
) -> int:
    """Opens the files to another operator until they are closed; those it owns or was shown already are left out.

    Files of the offices alone stay theirs; a paper of identity is opened by a logged POST as it is by its owner. Gives
    how many; the caller's record names them, a station may have thousands.
    """
    shown = AttachmentShare.objects.filter(attachment=OuterRef("pk"), organisation=organisation, closed_at__isnull=True)
    wanted = files.filter(audience__in=PARTY_AUDIENCES).exclude(organisation=organisation).exclude(Exists(shown))
    rows = [
        AttachmentShare(attachment_id=pk, organisation=organisation, matter=matter, reason=reason, opened_by=by)
        for pk in wanted.values_list("pk", flat=True).distinct()
    ]
    return len(AttachmentShare.objects.bulk_create(rows, batch_size=1000))


def close_all(*, matter: uuid.UUID, organisation: Organisation, by: User) -> int:
    """Ends what this unit was shown for this matter, at once; how many. The dated rows stay; the caller records it."""
    open_ones = AttachmentShare.objects.filter(matter=matter, organisation=organisation, closed_at__isnull=True)
    return open_ones.update(closed_at=now(), closed_by=by)


@transaction.atomic
def close_share(row: AttachmentShare, *, by: User) -> None:
    """Ends a share; the dated row stays."""
    if AttachmentShare.objects.filter(pk=row.pk, closed_at__isnull=True).update(closed_at=now(), closed_by=by):
        record(by=by, action="attachment.unshare", obj=row.attachment)


@transaction.atomic
def close_shares(*, matter: uuid.UUID, by: User) -> None:
    """Ends every share of this matter."""
    for row in AttachmentShare.objects.filter(matter=matter, closed_at__isnull=True).select_related("attachment"):
        close_share(row, by=by)
