"""What goes wrong with sign-in: a forgotten password, a locked account, a lost second factor."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from jinhua_labor.accounts import sessions, signin
from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import LoginEvent, PasswordReset, User
from jinhua_labor.accounts.tokens import VALID_FOR, digest, new_token
from jinhua_labor.audit.services import record
from jinhua_labor.core.errors import Refused

from .people import require_keeper


@transaction.atomic
def issue_password_reset(user: User, *, by: User, reason: str) -> tuple[PasswordReset, str]:
    """A one-time link to set a new password, good for 24 hours; earlier links of the person are spent.

    Who gives it out has made sure who asks; the reason says how. The second factor stays as it is.
    """
    require_keeper(by, user)
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
    require_keeper(by, user)
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
