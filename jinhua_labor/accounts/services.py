"""Everything that writes an organisation or a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import now
from jinhua_labor.core.errors import Conflict, Refused

from . import sessions, signin
from .enums import ROLES_OF_KIND, OrganisationKind, OrganisationState, Role
from .models import Invitation, LoginEvent, Organisation, PasswordReset, User
from .tokens import VALID_FOR, digest, new_token

if TYPE_CHECKING:
    import datetime as dt

CONSENT_VERSION = "2026-11"
"""Version of the notice on personal data (templates/accounts/consent.html) people agree to."""


# --- operators register themselves ------------------------------------------------------------------------------------
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
            user = _create_user(
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


def _create_user(*, username: str, password: str, **fields: object) -> User:
    try:
        return User.objects.create_user(username=username, password=password, **fields)
    except ValidationError as error:
        raise Refused("；".join(error.messages)) from error


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


# --- people -----------------------------------------------------------------------------------------------------------
def manages(by: User, organisation: Organisation | None) -> bool:
    """Whether this person keeps the accounts of that organisation: the system administrator all, others their own."""
    if organisation is None:
        return False
    return by.role == Role.ADMIN or (by.is_org_admin and by.organisation_id == organisation.pk)


def keeps(by: User, user: User) -> bool:
    """Whether this person keeps that account: of system administrators only their colleagues do.

    Else the administrator of the organisation they sit in could take their account over by a reset link.
    """
    return manages(by, user.organisation) and (user.role != Role.ADMIN or by.role == Role.ADMIN)


def _require_manager(by: User, organisation: Organisation | None) -> None:
    if not manages(by, organisation):
        raise PermissionDenied


def _require_keeper(by: User, user: User) -> None:
    if not keeps(by, user):
        raise PermissionDenied


def may_grant(by: User, organisation: Organisation) -> tuple[Role, ...]:
    """Roles this person may give in that organisation; only the system administrator makes another one."""
    roles = ROLES_OF_KIND[organisation.kind]
    return roles if by.role == Role.ADMIN else tuple(role for role in roles if role != Role.ADMIN)


@transaction.atomic
def invite(
    *, by: User, organisation: Organisation, role: str, name: str, email: str = "", is_org_admin: bool = False
) -> tuple[Invitation, str]:
    """A one-time link for a new person, good for 24 hours: the invitation and the token, which is shown once only."""
    _require_manager(by, organisation)
    if role not in may_grant(by, organisation):
        raise Refused("不能授予该角色。")
    if organisation.state == OrganisationState.DISABLED:
        raise Refused("单位已停用，不能邀请人员。")
    token, token_hash = new_token()
    created = timezone.now()
    invitation = Invitation.objects.create(
        organisation=organisation,
        role=role,
        name=name,
        email=email,
        is_org_admin=is_org_admin,
        token_hash=token_hash,
        created_by=by,
        created_at=created,
        expires_at=created + VALID_FOR,
    )
    record(by=by, action="user.invite", obj=invitation, detail={"role": role, "is_org_admin": is_org_admin})
    return invitation, token


def find_invitation(token: str, *, at: dt.datetime | None = None) -> Invitation | None:
    """The invitation behind a link, or None when it is unknown, used, withdrawn or older than 24 hours."""
    return (
        Invitation.objects.select_related("organisation")
        .filter(
            token_hash=digest(token),
            accepted_at__isnull=True,
            withdrawn_at__isnull=True,
            expires_at__gt=at or timezone.now(),
        )
        .first()
    )


@transaction.atomic
def accept_invitation(token: str, *, username: str, name: str, phone: str, password: str) -> User:
    """Makes the account of an invited person; the link is spent. Raises Refused when it no longer holds."""
    invitation = find_invitation(token)
    if invitation is None:
        raise Refused("邀请链接无效、已使用或已过期，请联系邀请您的管理员重新发送。")
    locked = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if locked.accepted_at is not None or locked.withdrawn_at is not None:
        raise Refused("邀请链接已使用，请直接登录。")
    user = _create_user(
        username=username,
        password=password,
        name=name,
        phone=phone,
        email=locked.email,
        role=locked.role,
        organisation=locked.organisation,
        is_org_admin=locked.is_org_admin,
    )
    locked.accepted_by, locked.accepted_at = user, timezone.now()
    locked.save(update_fields=["accepted_by", "accepted_at"])
    record(by=user, action="user.join", obj=user, detail={"role": locked.role, "invited_by": str(locked.created_by_id)})
    return user


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: User) -> None:
    """Makes an unused link worthless."""
    _require_manager(by, invitation.organisation)
    changed = Invitation.objects.filter(pk=invitation.pk, accepted_at__isnull=True, withdrawn_at__isnull=True).update(
        withdrawn_at=timezone.now()
    )
    if not changed:
        raise Conflict("该邀请已被接受或已撤回。")
    record(by=by, action="user.invite_withdraw", obj=invitation)


@transaction.atomic
def disable_user(user: User, *, by: User, reason: str) -> User:
    """Closes an account and ends its sessions at once. The last administrator of an organisation stays."""
    _require_keeper(by, user)
    # One at a time per organisation, or two administrators could disable each other.
    Organisation.objects.select_for_update().get(pk=user.organisation_id)
    locked = User.objects.select_for_update().get(pk=user.pk)
    if locked.role == Role.SYSTEM or not locked.is_active:
        raise Conflict("该账号已经停用。")
    _keep_an_admin(locked)
    locked.is_active = False
    locked.save(update_fields=["is_active"])
    sessions.end_all(locked)
    record(by=by, action="user.disable", obj=locked, detail={"reason": reason})
    return locked


def _keep_an_admin(user: User) -> None:
    others = User.objects.filter(is_active=True).exclude(pk=user.pk)
    if user.is_org_admin and not others.filter(organisation=user.organisation_id, is_org_admin=True).exists():
        raise Refused("这是本单位最后一名管理员，请先指定另一名管理员。")
    if user.role == Role.ADMIN and not others.filter(role=Role.ADMIN).exists():
        raise Refused("这是最后一名系统管理员，请先指定另一名系统管理员。")


@transaction.atomic
def enable_user(user: User, *, by: User) -> User:
    """Opens a closed account again, with its old password."""
    _require_keeper(by, user)
    locked = User.objects.select_for_update().get(pk=user.pk)
    if locked.role == Role.SYSTEM or locked.is_active:
        raise Conflict("该账号已经启用。")
    locked.is_active = True
    locked.save(update_fields=["is_active"])
    record(by=by, action="user.enable", obj=locked)
    return locked


@transaction.atomic
def set_org_admin(user: User, *, by: User, value: bool) -> User:
    """Makes a person an administrator of the organisation, or an ordinary one again."""
    _require_keeper(by, user)
    Organisation.objects.select_for_update().get(pk=user.organisation_id)
    locked = User.objects.select_for_update().get(pk=user.pk)
    if not value:
        _keep_an_admin(locked)
    if locked.is_org_admin != value:
        locked.is_org_admin = value
        locked.save(update_fields=["is_org_admin"])
        record(by=by, action="user.org_admin", obj=locked, detail={"after": value})
    return locked


@transaction.atomic
def update_profile(user: User, *, by: User, name: str, phone: str, email: str, large_text: bool) -> User:
    """The person's own data; nobody changes another's."""
    if by.pk != user.pk:
        raise PermissionDenied
    locked = User.objects.select_for_update().get(pk=user.pk)
    before = {"phone": locked.phone, "email": locked.email, "name": locked.name}
    locked.name, locked.phone, locked.email, locked.large_text = name, phone, email, large_text
    locked.save(update_fields=["name", "phone", "email", "large_text"])
    changed = [key for key, value in before.items() if value != getattr(locked, key)]
    if changed:
        record(by=by, action="user.profile", obj=locked, detail={"changed": changed})
    return locked


# --- what goes wrong with sign-in -------------------------------------------------------------------------------------
@transaction.atomic
def issue_password_reset(user: User, *, by: User, reason: str) -> tuple[PasswordReset, str]:
    """A one-time link to set a new password, good for 24 hours; earlier links of the person are spent.

    Who gives it out has made sure who asks; the reason says how. The second factor stays as it is.
    """
    _require_keeper(by, user)
    if not user.is_active:
        raise Refused("账号已停用，请先启用。")
    token, token_hash = new_token()
    created = timezone.now()
    PasswordReset.objects.filter(user=user, used_at__isnull=True).update(used_at=created)
    row = PasswordReset.objects.create(
        user=user, token_hash=token_hash, created_by=by, created_at=created, expires_at=created + VALID_FOR
    )
    record(by=by, action="user.password_reset_issue", obj=user, detail={"reason": reason})
    return row, token


def find_password_reset(token: str) -> PasswordReset | None:
    """The reset behind a link, or None when it is unknown, used, too old, or the account is closed."""
    return (
        PasswordReset.objects.select_related("user__organisation")
        .filter(token_hash=digest(token), used_at__isnull=True, expires_at__gt=timezone.now(), user__is_active=True)
        .first()
    )


@transaction.atomic
def reset_password(token: str, *, password: str) -> User:
    """Sets the new password, spends the link, lifts a lock and ends every session of the person."""
    found = find_password_reset(token)
    if found is None or not PasswordReset.objects.filter(pk=found.pk, used_at__isnull=True).update(
        used_at=timezone.now()
    ):
        raise Refused("重置链接无效、已使用或已过期，请联系管理员重新发送。")
    user = User.objects.select_for_update().get(pk=found.user_id)
    user.set_password(password)
    user.save(update_fields=["password"])
    sessions.end_all(user)
    signin.note(username=user.username, outcome=LoginEvent.Outcome.UNLOCKED, user=user)
    record(by=user, action="user.password_reset", obj=user)
    return user


@transaction.atomic
def unlock(user: User, *, by: User) -> None:
    """Lets a person try again before the fifteen minutes are over."""
    _require_keeper(by, user)
    signin.note(username=user.username, outcome=LoginEvent.Outcome.UNLOCKED, user=user)
    record(by=by, action="user.unlock", obj=user)


@transaction.atomic
def reset_second_factor(user: User, *, by: User, reason: str) -> None:
    """Removes a lost second factor; the person sets up a new one at the next sign-in. System administrator only.

    `reason` names who checked the person's identity and how; one's own factor is reset by a colleague.
    """
    if by.role != Role.ADMIN or by.pk == user.pk:
        raise PermissionDenied
    if not reason.strip():
        raise Refused("请写明由谁、用什么方式核实了本人身份。")
    Authenticator.objects.filter(user=user).delete()
    sessions.end_all(user)
    record(by=by, action="user.second_factor_reset", obj=user, detail={"reason": reason})
