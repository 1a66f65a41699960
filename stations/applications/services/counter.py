"""窗口: a clerk of the centre enters a file for an operator, registers a unit that is new, counts the paper copies."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from jinhua_labor.accounts.enums import OrganisationKind, OrganisationState, Role
from jinhua_labor.accounts.models import Invitation, Organisation, User
from jinhua_labor.accounts.services import CONSENT_VERSION
from jinhua_labor.accounts.tokens import VALID_FOR, new_token
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import now
from jinhua_labor.core.errors import Conflict, Refused
from stations.applications.enums import Channel
from stations.applications.models import Application, PaperReceipt
from stations.applications.queries.editable import may_act

from .draft import locked, not_editable, start


@dataclass(frozen=True, slots=True)
class Registered:
    """A unit registered at the counter; `token` of its administrator's one-time link is shown once only."""

    organisation: Organisation
    token: str


def operator_of(credit_code: str) -> Organisation | None:
    """The operator with this code, registered and confirmed or not."""
    return Organisation.objects.operators().filter(credit_code=credit_code).first()


def open_for(*, operator: Organisation, by: User) -> tuple[Application, bool]:
    """The counter's draft for this operator and whether it is new."""
    return start(operator=operator, by=by, channel=Channel.COUNTER)


@transaction.atomic
def register_at_counter(
    *, credit_code: str, name: str, contact_name: str, contact_phone: str, licence_no: str, by: User
) -> Registered:
    """Registers a unit that stands at the counter with its papers, confirmed at once by the clerk who saw them.

    Its contact person becomes administrator by a one-time link (24 hours), so that the unit itself can confirm the
    promise. Raises Refused when the code is registered already.
    """
    if by.role != Role.CENTRE:
        raise PermissionDenied
    try:
        with transaction.atomic():
            organisation = Organisation.objects.create(
                kind=OrganisationKind.OPERATOR,
                name=name,
                credit_code=credit_code,
                state=OrganisationState.ACTIVE,
                contact_name=contact_name,
                contact_phone=contact_phone,
                licence_no=licence_no,
                consent_version=CONSENT_VERSION,
                consented_at=now(),
                registered_at=now(),
                confirmed_by=by,
                confirmed_at=now(),
            )
    except IntegrityError as error:
        raise Refused("该统一社会信用代码已经注册，请直接录入申请。") from error
    token, token_hash = new_token()
    created = timezone.now()
    Invitation.objects.create(
        organisation=organisation,
        role=Role.OPERATOR,
        name=contact_name,
        is_org_admin=True,
        token_hash=token_hash,
        created_by=by,
        created_at=created,
        expires_at=created + VALID_FOR,
    )
    record(by=by, action="organisation.register_at_counter", obj=organisation, detail={"credit_code": credit_code})
    return Registered(organisation, token)


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
