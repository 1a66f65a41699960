"""What the system administrator looks after: accounts and organisations, no business."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from jinhua_labor.accounts.enums import OrganisationState, Role
from jinhua_labor.accounts.models import Invitation, Organisation, User


@dataclass(frozen=True, slots=True)
class Overview:
    """Numbers of accounts by role and of organisations; invitations that nobody has taken up yet."""

    roles: tuple[tuple[str, int, int], ...]  # role, active, disabled
    active: int
    disabled: int
    organisations: int
    pending: int
    invitations: int


def overview(user: User) -> Overview:
    """Three queries."""
    counts = {
        role: (active, disabled)
        for role, active, disabled in User.objects.visible_to(user)
        .order_by()
        .values_list("role")
        .annotate(active=Count("pk", filter=Q(is_active=True)), disabled=Count("pk", filter=Q(is_active=False)))
    }
    roles = tuple((role.label, *counts.get(role, (0, 0))) for role in Role if role != Role.SYSTEM)
    units = Organisation.objects.visible_to(user).aggregate(
        all=Count("pk"), pending=Count("pk", filter=Q(state=OrganisationState.PENDING))
    )
    open_invitations = Invitation.objects.filter(
        accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=timezone.now()
    )
    return Overview(
        roles,
        sum(row[1] for row in roles),
        sum(row[2] for row in roles),
        units["all"],
        units["pending"],
        open_invitations.count(),
    )
