"""Grants beside what is owed now: what holds them, and what deriving would do (read, nothing is written)."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from stations.registry.models import Station
from subsidies.grants.enums import Stage
from subsidies.grants.models import Grant
from subsidies.grants.rules import Act, Entitlement, GrantFact, Plan, Standing, plan

from .facts import Key, Owed, owed

COMPARED = (Stage.SCREENED, Stage.REVIEWED, Stage.APPROVED, Stage.BATCHED)
"""Where an amount was looked at by a person, so that another one means looking again."""


def key_of(grant: Grant) -> Key:
    return (grant.kind, grant.period_no)


def fact_of(grant: Grant) -> GrantFact:
    return GrantFact(
        stage=Stage(grant.stage),
        base=grant.base,
        other=grant.other,
        outstanding=grant.outstanding,
        source=grant.sheet_id or grant.title_id,
        cancel_cause=grant.cancel_cause,
    )


def standing(grant: Grant, world: Owed) -> Standing:
    """What keeps this grant now."""
    key = key_of(grant)
    entitled = world.entitled.get(key)
    reopened = world.is_reopened(key)
    differs = entitled is None or entitled.base != grant.base
    return Standing(
        revoking=world.revoking,
        reopened=reopened,
        survives=world.survives(key, grant.final_on),
        changed=grant.stage in COMPARED and differs and not reopened,
        waits=entitled.waits if entitled else (),
        decided_pay=grant.decision_pay,
        since=world.since(key, grant.sheet_id),
    )


def standings(grants: Iterable[Grant]) -> dict[uuid.UUID, Standing]:
    """The same for the grants of a page, by grant; the queries do not grow with them."""
    listed = list(grants)
    worlds = owed({grant.station_id for grant in listed}) if listed else {}
    return {grant.pk: standing(grant, worlds[grant.station_id]) for grant in listed}


@dataclass(frozen=True, slots=True)
class Pending:
    """One thing deriving would do to a station."""

    station: uuid.UUID
    key: Key
    plan: Plan
    entitled: Entitlement | None
    grant: Grant | None


def pending(worlds: Mapping[uuid.UUID, Owed], grants: Iterable[Grant]) -> list[Pending]:
    """What deriving would do to these stations, whose grants are all given; in the order of station and item."""
    existing: dict[uuid.UUID, dict[Key, Grant]] = defaultdict(dict)
    for grant in grants:
        existing[grant.station_id][key_of(grant)] = grant
    found = []
    for station, world in worlds.items():
        there = existing[station]
        for key in sorted(set(world.entitled) | set(there), key=lambda key: (key[0], key[1] or 0)):
            grant, entitled = there.get(key), world.entitled.get(key)
            final_on = entitled.final_on if entitled else grant.final_on if grant else None
            assert final_on is not None
            made = plan(
                entitled,
                fact_of(grant) if grant else None,
                survives=world.survives(key, final_on),
                reopened=world.is_reopened(key),
            )
            if made.act is not Act.NOTHING:
                found.append(Pending(station, key, made, entitled, grant))
    return found


def all_pending() -> list[Pending]:
    """What deriving would do anywhere; a claim nobody has drafted yet shows here as open."""
    return pending(owed(), Grant.objects.all())


def missed() -> list[tuple[str, Entitlement]]:
    """Claims nobody has drafted yet, with the name of their station: the next run of the job drafts them."""
    found = [(one.station, one.entitled) for one in all_pending() if one.grant is None and one.entitled is not None]
    names = dict(Station.objects.filter(pk__in={station for station, _ in found}).values_list("pk", "name"))
    return [(names[station], entitled) for station, entitled in found]


def station_pending(station_id: uuid.UUID) -> list[Pending]:
    return pending(owed([station_id]), Grant.objects.filter(station=station_id))
