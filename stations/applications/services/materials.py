"""Putting papers into their slots: each file accepted or refused by itself, the good ones stay."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from jinhua_labor.accounts.models import User
from jinhua_labor.attachments import services as attachments
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.audit.services import record
from jinhua_labor.core.errors import Conflict, Refused
from stations.applications.enums import Slot
from stations.applications.models import Application, Material
from stations.applications.queries.editable import editable
from stations.applications.queries.slots import FILES_MAX, PAPERS, PHOTOS, REUSABLE, SECRET, last_files

from . import answers
from .draft import locked, not_editable, void_check, void_pledge

PER_SITE = frozenset({Slot.M6, Slot.LEASE})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file of an upload: kept (`material`) or refused (`error` says why and what to do)."""

    name: str
    material: Material | None = None
    error: str = ""


def add_files(
    *,
    application_id: uuid.UUID,
    slot: Slot,
    uploads: Sequence[UploadedFile],
    by: User,
    site_id: uuid.UUID | None = None,
    replaces: uuid.UUID | None = None,
) -> list[Outcome]:
    """Stores the files one by one; a bad one is refused with its reason and leaves the others in place.

    `replaces` names a file of the same slot that the first good one takes the place of. Raises Conflict when the slot
    may not be changed (any more), Refused when nothing was chosen or the site is gone.
    """
    if not uploads:
        raise Refused("请先选择文件。")
    outcomes = []
    for upload in uploads:
        name = upload.name or "文件"
        try:
            material = _add(application_id, slot, upload, by=by, site_id=site_id, replaces=replaces)
        except Conflict:
            raise
        except Refused as refusal:
            outcomes.append(Outcome(name, error=refusal.message))
        else:
            outcomes.append(Outcome(name, material))
            replaces = None
    return outcomes


@transaction.atomic
def _add(
    application_id: uuid.UUID,
    slot: Slot,
    upload: UploadedFile,
    *,
    by: User,
    site_id: uuid.UUID | None,
    replaces: uuid.UUID | None,
) -> Material:
    application = _unlocked(application_id, slot, site_id, by)
    if slot in PER_SITE and not application.sites.filter(pk=site_id).exists():
        raise Conflict("该工作地点已被移除，请刷新页面后再上传。")
    there = application.materials.filter(slot=slot, site=site_id, superseded_at__isnull=True)
    if replaces is None and there.count() >= FILES_MAX:
        raise Refused(f"每项材料最多{FILES_MAX}个文件，请先移除不需要的。")
    attachment = attachments.store(
        upload,
        by=by,
        organisation=application.operator,
        audience=Audience.PARTY_AND_OFFICE,
        kinds=PHOTOS if slot == Slot.M6 else PAPERS,
        secret=slot in SECRET,
        kind=f"material.{slot}",
    )
    material = Material.objects.create(
        application=application,
        slot=slot,
        site_id=site_id if slot in PER_SITE else None,
        attachment=attachment,
        added_by=by,
    )
    if replaces is not None:
        old = there.exclude(pk=material.pk).filter(pk=replaces).first()
        if old is not None:
            _take_out(application, old, by=by)
    record(by=by, action="application.paper_add", obj=application, detail={"slot": slot, "sha256": attachment.sha256})
    if slot == Slot.M6:
        void_check(material.site)
    void_pledge(application, by=by)
    answers.refresh(application)
    return material


@transaction.atomic
def remove(*, application_id: uuid.UUID, material_id: uuid.UUID, by: User) -> None:
    """Takes a file out of its slot; harmless when it is out already. Raises Conflict when the slot is locked."""
    material = Material.objects.filter(pk=material_id, application=application_id).first()
    if material is None:
        return
    application = _unlocked(application_id, Slot(material.slot), material.site_id, by)
    material.refresh_from_db()
    if material.superseded_at is None:
        _take_out(application, material, by=by)
        if material.slot == Slot.M6:
            void_check(material.site)
        void_pledge(application, by=by)
        answers.refresh(application)


@transaction.atomic
def reuse(*, application_id: uuid.UUID, slot: Slot, by: User) -> int:
    """Puts what the operator's last application had in this slot into it again; how many files that were."""
    if slot not in REUSABLE:
        raise PermissionDenied
    application = _unlocked(application_id, slot, None, by)
    there = set(
        application.materials.filter(slot=slot, superseded_at__isnull=True).values_list("attachment", flat=True)
    )
    offered = [row for row in last_files(application).get(slot, ()) if row.attachment_id not in there]
    for row in offered:
        Material.objects.create(application=application, slot=slot, attachment=row.attachment, added_by=by)
    if offered:
        record(by=by, action="application.paper_reuse", obj=application, detail={"slot": slot, "files": len(offered)})
        void_pledge(application, by=by)
        answers.refresh(application)
    return len(offered)


def forget(material: Material, *, by: User) -> None:
    """Deletes a paper nobody has handed in, and its file unless another application rests on it."""
    attachment = material.attachment
    material.delete()
    if not Material.objects.filter(attachment=attachment).exists():
        attachments.discard(attachment, by=by)


def _take_out(application: Application, material: Material, *, by: User) -> None:
    """Handed-in papers stay as superseded (R-71); others are forgotten."""
    handed_in = application.review.submitted_at  # the latest hand-in: what lay there then stays on record
    record(by=by, action="application.paper_remove", obj=application, detail={"slot": material.slot})
    if handed_in and material.added_at <= handed_in:
        material.superseded_at = timezone.now()
        material.save(update_fields=["superseded_at"])
    else:
        forget(material, by=by)


def _unlocked(application_id: uuid.UUID, slot: Slot, site_id: uuid.UUID | None, by: User) -> Application:
    application = locked(application_id)
    if not editable(application, by).slot(slot, site_id):
        raise Conflict(not_editable(application))
    return application
