"""The people of an organisation: invited, let in, disabled; who keeps whose account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from jinhua_labor.accounts import sessions
from jinhua_labor.accounts.enums import ROLES_OF_KIND, OrganisationState, Role
from jinhua_labor.accounts.models import Invitation, Organisation, User
from jinhua_labor.accounts.tokens import VALID_FOR, digest, new_token
from jinhua_labor.audit.services import record
from jinhua_labor.core.errors import Conflict, Refused

if TYPE_CHECKING:
    import datetime as dt


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


def require_manager(by: User, organisation: Organisation | None) -> None:
    if not manages(by, organisation):
        raise PermissionDenied


def require_keeper(by: User, user: User) -> None:
    if not keeps(by, user):
        raise PermissionDenied


def may_grant(by: User, organisation: Organisation) -> tuple[Role, ...]:
    """Roles this person may give in that organisation; only the system administrator makes another one."""
    roles = ROLES_OF_KIND[organisation.kind]
    return roles if by.role == Role.ADMIN else tuple(role for role in roles if role != Role.ADMIN)


def create_user(*, username: str, password: str, **fields: object) -> User:
    """A new account. Raises Refused for what the fields do not allow, a name that is taken included."""
    try:
        return User.objects.create_user(username=username, password=password, **fields)
    except ValidationError as error:
        raise Refused("；".join(error.messages)) from error


@transaction.atomic
def invite(
    *, by: User, organisation: Organisation, role: str, name: str, email: str = "", is_org_admin: bool = False
) -> tuple[Invitation, str]:
    """A one-time link for a new person, good for 24 hours: the invitation and the token, which is shown once only."""
    require_manager(by, organisation)
    if role not in may_grant(by, organisation):
        raise Refused("不能授予该角色。")
    if organisation.state == OrganisationState.DISABLED:
        raise Refused("单位已停用，不能邀请人员。")
    invitation, token = invitation_for(
        organisation, by=by, role=role, name=name, email=email, is_org_admin=is_org_admin
    )
    record(by=by, action="user.invite", obj=invitation, detail={"role": role, "is_org_admin": is_org_admin})
    return invitation, token


def invitation_for(
    organisation: Organisation, *, by: User, role: str, name: str, email: str = "", is_org_admin: bool = False
) -> tuple[Invitation, str]:
    """The row of a one-time link and its token; who may give it out is settled by the caller."""
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
    user = create_user(
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
    require_manager(by, invitation.organisation)
    changed = Invitation.objects.filter(pk=invitation.pk, accepted_at__isnull=True, withdrawn_at__isnull=True).update(
        withdrawn_at=timezone.now()
    )
    if not changed:
        raise Conflict("该邀请已被接受或已撤回。")
    record(by=by, action="user.invite_withdraw", obj=invitation)


@transaction.atomic
def disable_user(user: User, *, by: User, reason: str) -> User:
    """Closes an account and ends its sessions at once. The last administrator of an organisation stays."""
    require_keeper(by, user)
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


@transaction.atomic
def hand_over_access(*, old: User | None, new: User | None, by: User, reason: str) -> str:
    """Access moves with the work: the old person's account is closed, the new one's is open; why not, where it is not.

    Who may decide that is settled by the caller (the report of a change, filed by the centre). The last administrator
    of an organisation keeps his account until there is another; the sentence says so.
    """
    for organisation in sorted({user.organisation_id for user in (old, new) if user}, key=str):
        Organisation.objects.select_for_update().get(pk=organisation)
    if new is not None and (locked := User.objects.select_for_update().get(pk=new.pk)) and not locked.is_active:
        locked.is_active = True
        locked.save(update_fields=["is_active"])
        record(by=by, action="user.enable", obj=locked, detail={"reason": reason})
    if old is None or old == new:
        return ""
    locked = User.objects.select_for_update().get(pk=old.pk)
    if not locked.is_active:
        return ""
    try:
        _keep_an_admin(locked)
    except Refused as refusal:
        return refusal.message
    locked.is_active = False
    locked.save(update_fields=["is_active"])
    sessions.end_all(locked)
    record(by=by, action="user.disable", obj=locked, detail={"reason": reason})
    return ""


def _keep_an_admin(user: User) -> None:
    others = User.objects.filter(is_active=True).exclude(pk=user.pk)
    if user.is_org_admin and not others.filter(organisation=user.organisation_id, is_org_admin=True).exists():
        raise Refused("这是本单位最后一名管理员，请先指定另一名管理员。")
    if user.role == Role.ADMIN and not others.filter(role=Role.ADMIN).exists():
        raise Refused("这是最后一名系统管理员，请先指定另一名系统管理员。")


@transaction.atomic
def enable_user(user: User, *, by: User) -> User:
    """Opens a closed account again, with its old password."""
    require_keeper(by, user)
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
    require_keeper(by, user)
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
