"""What the steps of a grant share: the station locked first, then the grant, then its review."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.core.exceptions import PermissionDenied

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.review import services as review_services
from jinhua_labor.review.services import Opinion
from jinhua_labor.review.states import Action
from stations.registry.models import Station
from subsidies.grants.enums import Stage
from subsidies.grants.models import Grant
from subsidies.grants.queries.facts import owed
from subsidies.grants.queries.standing import standing
from subsidies.grants.rules import Standing

RELATED = ("station", "payee", "account")


def lock_many(grant_ids: Collection[uuid.UUID]) -> list[Grant]:
    """The grants in the order of their keys, their stations locked before them in the same order; whoever asks for the
    same ones waits, and two who ask for some of them never wait for each other."""
    stations = set(Grant.objects.filter(pk__in=grant_ids).values_list("station", flat=True))
    list(Station.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=stations).order_by("pk"))
    rows = Grant.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=grant_ids)
    return list(rows.select_related(*RELATED).order_by("pk"))


def locked(grant_id: uuid.UUID) -> Grant:
    """One grant with its review, the station's row locked before them. Grant.DoesNotExist for an unknown one."""
    found = lock_many([grant_id])
    if not found:
        raise Grant.DoesNotExist
    grant = found[0]
    grant.review = review_services.lock(grant.review_id)
    return grant


def standing_now(grant: Grant) -> Standing:
    """What keeps a locked grant, asked anew."""
    return standing(grant, owed([grant.station_id])[grant.station_id])


def refuse_kept(grant: Grant) -> None:
    """Raises Refused with every reason that keeps the grant from going on."""
    kept = standing_now(grant).problems
    if kept:
        raise Refused("现在不能办理：" + "；".join(kept) + "。", problems=tuple((text, "") for text in kept))


def expect(grant: Grant, *stages: Stage) -> None:
    if grant.stage not in stages:
        raise Conflict(f"{grant}{grant.get_stage_display()}，请刷新后再办。")


def require(by: User, *roles: Role) -> None:
    if by.role not in roles:
        raise PermissionDenied


def close_review(grant: Grant, why: str) -> None:
    """Ends an open review in the name of the system: what was asked for is gone."""
    review = review_services.lock(grant.review_id)
    if review.is_open:
        review_services.transition(review, Action.WITHDRAW, by=User.objects.system(), opinion=Opinion(why[:500]))
    grant.review = review
