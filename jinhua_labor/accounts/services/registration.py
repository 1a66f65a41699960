"""Operators (承建单位) come in: by themselves, confirmed by the centre, or at its counter with their papers."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from jinhua_labor.accounts.enums import OrganisationKind, OrganisationState, Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import now
from jinhua_labor.core.errors import Conflict, Refused

from .people import create_user, invitation_for

CONSENT_VERSION = "2026-11"
"""Version of the notice on personal data (templates/accounts/consent.html) people agree to."""


@transaction.atomic
def register_operator(
    *,
    name: str,
    credit_code: str,
    contact_name: str,
    contact_phone: str,
    licence_no: str,
    username: str,
    password: str,
    email: str = "",
) -> User:
    """Registers an operator (承建单位) and its first administrator; both wait for the centre's confirmation.

    Raises Refused when the credit code or the account name is taken.
    """
    if Organisation.objects.filter(credit_code=credit_code).exists():
        raise Refused("该统一社会信用代码已经注册，请直接登录，或联系本单位管理员邀请您加入。")
    try:
        with transaction.atomic():
            organisation = Organisation.objects.create(
                kind=OrganisationKind.OPERATOR,
                name=name,
                credit_code=credit_code,
                state=OrganisationState.PENDING,
                contact_name=contact_name,
                contact_phone=contact_phone,
                licence_no=licence_no,
                consent_version=CONSENT_VERSION,
                consented_at=now(),
                registered_at=now(),
            )
            user = create_user(
                username=username,
                password=password,
                name=contact_name,
                phone=contact_phone,
                email=email,
                role=Role.OPERATOR,
                organisation=organisation,
                is_org_admin=True,
            )
    except IntegrityError as error:
        raise Refused("该统一社会信用代码或登录账号刚刚被注册，请核对后重试。") from error
    record(by=user, action="organisation.register", obj=organisation, detail={"credit_code": credit_code})
    return user


@transaction.atomic
def amend_registration(
    organisation: Organisation, *, by: User, name: str, contact_name: str, contact_phone: str, licence_no: str
) -> Organisation:
    """Changes a registration that is not confirmed; a refused one waits for the centre again."""
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if by.organisation_id != locked.pk or not by.is_org_admin:
        raise PermissionDenied
    if locked.state not in {OrganisationState.PENDING, OrganisationState.REFUSED}:
        raise Conflict("单位注册已经确认，资料请在“单位资料”中变更。")
    before = {"name": locked.name, "licence_no": locked.licence_no, "state": locked.state}
    locked.name, locked.licence_no = name, licence_no
    locked.contact_name, locked.contact_phone = contact_name, contact_phone
    locked.state, locked.refusal_reason, locked.confirmed_by, locked.confirmed_at = (
        OrganisationState.PENDING,
        "",
        None,
        None,
    )
    locked.save()
    record(by=by, action="organisation.amend", obj=locked, detail={"before": before, "after": {"name": name}})
    return locked


@transaction.atomic
def confirm_registration(organisation: Organisation, *, by: User) -> Organisation:
    """The centre lets the operator in. Raises Conflict when a colleague was quicker."""
    return _decide(organisation, by=by, state=OrganisationState.ACTIVE, reason="")


@transaction.atomic
def refuse_registration(organisation: Organisation, *, by: User, reason: str) -> Organisation:
    """The centre refuses with a reason; the operator can correct and send it again."""
    if not reason.strip():
        raise Refused("不予通过必须写明原因。")
    return _decide(organisation, by=by, state=OrganisationState.REFUSED, reason=reason)


def _decide(organisation: Organisation, *, by: User, state: OrganisationState, reason: str) -> Organisation:
    if by.role != Role.CENTRE:
        raise PermissionDenied
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if locked.state != OrganisationState.PENDING:
        done_by = locked.confirmed_by.name if locked.confirmed_by else "系统"
        raise Conflict(f"该注册已由{done_by}处理，现在的状态是“{locked.get_state_display()}”。")
    locked.state, locked.refusal_reason, locked.confirmed_by, locked.confirmed_at = state, reason, by, now()
    locked.save()
    record(by=by, action=f"organisation.{state.lower()}", obj=locked, detail={"reason": reason})
    return locked


@transaction.atomic
def register_at_counter(
    *, credit_code: str, name: str, contact_name: str, contact_phone: str, licence_no: str, by: User
) -> tuple[Organisation, str]:
    """Registers a unit that stands at the counter with its papers, confirmed at once by the clerk who saw them.

    With it comes the token of a one-time link (24 hours), shown once only, by which its contact person becomes
    administrator and can confirm the promise for the unit. Raises Refused when the code is registered already.
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
    _, token = invitation_for(organisation, by=by, role=Role.OPERATOR, name=contact_name, is_org_admin=True)
    record(by=by, action="organisation.register_at_counter", obj=organisation, detail={"credit_code": credit_code})
    return organisation, token
