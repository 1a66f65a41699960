"""Persons whom two stations registered (E14): the pairs to decide, each row with the earlier one it stands against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from jinhua_labor.accounts.enums import OFFICE_ROLES, Role
from jinhua_labor.core.clock import today
from jinhua_labor.policy.periods import add_months
from jinhua_labor.rulebook import policy_on
from stations.roster.enums import CountStatus, ReasonCode
from stations.roster.models import ClaimDecision, Delivery
from stations.roster.queries.facts import HOLDING

if TYPE_CHECKING:
    import datetime as dt

    from jinhua_labor.accounts.models import User


@dataclass(frozen=True, slots=True)
class Pair:
    """The later registration of a person, and the earlier one it stands against (None where that has gone since)."""

    claimant: Delivery
    holder: Delivery | None
    decision: ClaimDecision | None = None


def waiting(user: User) -> QuerySet[Delivery]:
    """The later registrations that wait for the centre, the oldest first; read along the index of E14."""
    if user.role not in OFFICE_ROLES and user.role != Role.AUDITOR:
        return Delivery.objects.none()
    return Delivery.objects.filter(
        codes__contains=[ReasonCode.E14], station__isnull=False, status=CountStatus.PENDING
    ).order_by("created_at", "id")


def decided(user: User) -> QuerySet[ClaimDecision]:
    """What was decided, the latest first."""
    if user.role not in OFFICE_ROLES and user.role != Role.AUDITOR:
        return ClaimDecision.objects.none()
    return ClaimDecision.objects.select_related(
        "by",
        "person",
        "holder__station",
        "holder__operator",
        "holder__employer",
        "claimant__station",
        "claimant__operator",
        "claimant__employer",
    ).order_by("-at", "id")


def pairs(claimants: Sequence[Delivery]) -> list[Pair]:
    """Each claimant with the row it stands against; two queries for all of them."""
    months = policy_on(today()).policy.claim_window_months
    by_person: dict[Any, list[Delivery]] = defaultdict(list)
    others = (
        Delivery.objects.filter(person__in={row.person_id for row in claimants})
        .exclude(status=CountStatus.EXCLUDED)
        .select_related("station", "operator", "employer", "person", "roster_list__application__review")
        .order_by("created_at", "id")
    )
    for row in others:
        by_person[row.person_id].append(row)
    decisions = {
        (one.holder_id, one.claimant_id): one
        for one in ClaimDecision.objects.filter(claimant__in=[row.pk for row in claimants]).select_related("by")
    }
    found = []
    for claimant in claimants:
        holder = next((row for row in by_person[claimant.person_id] if _holds(row, claimant, months)), None)
        decision = decisions.get((holder.pk, claimant.pk)) if holder is not None else None
        found.append(Pair(claimant, holder, decision))
    return found


def _holds(row: Delivery, claimant: Delivery, months: int) -> bool:
    """Whether the row is another's of the same person, handed in before, with an entry within the window."""
    if row.pk == claimant.pk or (row.station_id is not None and row.station_id == claimant.station_id):
        return False
    if not _handed_in(row) or (ReasonCode.E14 in row.codes and row.created_at >= claimant.created_at):
        return False
    return _near(row.entry_on, claimant.entry_on, months)


def _handed_in(row: Delivery) -> bool:
    if row.station_id is not None:
        return True
    application = getattr(row.roster_list, "application", None)
    return application is not None and application.review.state in HOLDING


def _near(one: dt.date, two: dt.date, months: int) -> bool:
    return max(one, two) <= add_months(min(one, two), months)
