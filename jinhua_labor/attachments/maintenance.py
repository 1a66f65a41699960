"""What keeps rows and files in step: the nightly check, the sweeper of orphans, the second look at quarantine."""

from __future__ import annotations

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from jinhua_labor.accounts.models import User
from jinhua_labor.audit.services import record

from . import storage
from .antivirus import Verdict, scan
from .enums import FileState
from .models import Attachment

log = structlog.get_logger("portal.attachments")


def _in_order(attachment: Attachment) -> bool:
    files = [(attachment.stored_name, attachment.sha256), (attachment.preview_name, attachment.preview_sha256)]
    return all(storage.digest(storage.path_of(name)) == sha for name, sha in files if name)


def check_files() -> int:
    """Compares every file with its hash; marks the missing and the returned ones, gives the number missing."""
    missing = 0
    for attachment in Attachment.objects.exclude(state=FileState.QUARANTINED).iterator(chunk_size=500):
        good = _in_order(attachment)
        missing += not good
        state = FileState.OK if good else FileState.MISSING
        if state == attachment.state:
            Attachment.objects.filter(pk=attachment.pk).update(checked_at=timezone.now())
            continue
        with transaction.atomic():
            Attachment.objects.filter(pk=attachment.pk).update(state=state, checked_at=timezone.now())
            record(by=User.objects.system(), action="attachment.check", obj=attachment, detail={"state": state})
        log.error("attachment_state_changed", attachment=str(attachment.pk), state=state)
    return missing


def sweep_orphans() -> int:
    """Removes files older than a day that no row names (a process died between file and commit); their number."""
    removed = 0
    for path, name in storage.old_files():
        if name and Attachment.objects.filter(Q(stored_name=name) | Q(preview_name=name)).exists():
            continue
        path.unlink(missing_ok=True)
        removed += 1
        log.warning("orphan_removed", file=name or path.name)
    return removed


def rescan() -> int:
    """Scans quarantined files again: clean ones are let out, infected ones stay closed for good; the number let out."""
    freed = 0
    for attachment in Attachment.objects.filter(state=FileState.QUARANTINED):
        path = storage.path_of(attachment.stored_name)
        if not path.exists() or scan(path.read_bytes()) is not Verdict.CLEAN:
            continue
        freed += Attachment.objects.filter(pk=attachment.pk, state=FileState.QUARANTINED).update(state=FileState.OK)
    return freed
