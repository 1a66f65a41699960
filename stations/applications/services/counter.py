"""窗口: a clerk of the centre enters a file for an operator and counts the paper copies."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.audit.services import record
from jinhua_labor.core.errors import Conflict
from stations.applications.enums import Channel
from stations.applications.models import Application, PaperReceipt
from stations.applications.queries.editable import may_act

from .draft import locked, not_editable, start


def operator_of(credit_code: str) -> Organisation | None:
    """The operator with this code, registered and confirmed or not."""
    return Organisation.objects.operators().filter(credit_code=credit_code).first()


def open_for(*, operator: Organisation, by: User) -> tuple[Application, bool]:
    """The counter's draft for this operator and whether it is new."""
    return start(operator=operator, by=by, channel=Channel.COUNTER)


@transaction.atomic
def receive_paper(*, application_id: uuid.UUID, copies: Mapping[int, int], by: User) -> None:
    """Writes down how many paper copies of each material were received; 0 takes a tick back.

    Raises PermissionDenied for anybody but the clerk who entered the file, Conflict once it is handed in.
    """
    application = locked(application_id)
    if application.channel != Channel.COUNTER or by.role != Role.CENTRE or not may_act(application, by):
        raise PermissionDenied
    if application.review.state not in ("DRAFT", "RETURNED"):
        raise Conflict(not_editable(application))
    before = dict(application.paper.values_list("material", "copies"))
    for number, count in copies.items():
        if count == before.get(number, 0):
            continue
        if count:
            PaperReceipt.objects.update_or_create(
                application=application, material=number, defaults={"copies": count, "by": by, "at": timezone.now()}
            )
        else:
            application.paper.filter(material=number).delete()
    after = dict(application.paper.values_list("material", "copies"))
    if after != before:
        record(
            by=by,
            action="application.paper_received",
            obj=application,
            detail={"before": _keys(before), "after": _keys(after)},
        )


def _keys(copies: Mapping[int, int]) -> dict[str, int]:
    return {str(number): count for number, count in sorted(copies.items())}
