"""Writing to the journal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import models

from .context import current_origin
from .models import AuditEntry

if TYPE_CHECKING:
    from jinhua_labor.accounts.models import User


def record(
    *,
    by: User | None,
    action: str,
    obj: models.Model | None = None,
    title: str = "",
    purpose: str = "",
    detail: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Adds one line to the journal inside the caller's transaction, so act and line stand or fall together.

    `action` is a code such as `application.submit`; `detail` holds what changed (`{"before": …, "after": …}`) and never
    an identity number. Reads of secrets and exports say their `purpose`. `by` is None only for the anonymous public.
    """
    origin = current_origin.get()
    organisation = by.organisation if by is not None else None
    return AuditEntry.objects.create(
        actor=by,
        actor_name=by.name if by is not None else "",
        role=by.role if by is not None else "",
        organisation_name=organisation.name if organisation is not None else "",
        action=action,
        object_type=obj._meta.label_lower if obj is not None else "",
        object_id=str(obj.pk) if obj is not None else "",
        object_title=(title or (str(obj) if obj is not None else ""))[:200],
        purpose=purpose[:200],
        detail=dict(detail or {}),
        ip=origin.ip,
        request_id=origin.request_id,
    )
