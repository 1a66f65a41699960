"""站点档案 as facts for the rules, and as the page shows it; one query a kind whatever the number of stations."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass, field

from jinhua_labor.accounts.models import User
from jinhua_labor.policy.periods import Period, assessment_periods
from jinhua_labor.policy.types import Policy
from jinhua_labor.rulebook import policy_on
from stations.registry.enums import PaperKind
from stations.registry.models import Station, StationPaper
from stations.registry.papers import Holding, Paper, PaperAlert, StationFile, holder, paper_alerts, standing_of
from stations.registry.papers import station_file as file_on

FIELDS = ("kind", "version", "valid_from", "valid_to", "filed_on", "accepted", "place", "period", "side", "title")


def papers_of(station_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Paper]]:
    """The versions of all papers of these stations; one query."""
    found: dict[uuid.UUID, list[Paper]] = {pk: [] for pk in station_ids}
    for row in StationPaper.objects.filter(station__in=list(station_ids)).order_by("station_id", "kind", "version"):
        found[row.station_id].append(as_fact(row))
    return found


def as_fact(row: StationPaper) -> Paper:
    """A version as the rules see it."""
    return Paper(
        kind=PaperKind(row.kind),
        version=row.version,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        filed_on=row.filed_on,
        accepted=row.accepted,
        thread=str(row.place or ""),
        period=row.period,
        side=row.side,
        furnished=bool(row.facilities),
        title=row.title,
    )


def period_of(station: Station, day: dt.date) -> Period:
    """The year of the station that `day` lies in, or its first where it has not begun."""
    return next(
        period
        for period in assessment_periods(station.established_on, policy=policy_on(station.established_on).policy)
        if day <= period.end
    )


def numbered_period(station: Station, number: int, *, until: dt.date) -> Period | None:
    """第`number`年度 of the station when it has begun on `until`; None otherwise."""
    for period in assessment_periods(station.established_on, policy=policy_on(station.established_on).policy):
        if period.start > until:
            return None
        if period.number == number:
            return period
    return None


def periods_until(station: Station, day: dt.date) -> list[Period]:
    """The years of the station that have begun, the latest first; never empty."""
    found = []
    for period in assessment_periods(station.established_on, policy=policy_on(station.established_on).policy):
        if found and period.start > day:
            break
        found.append(period)
    return found[::-1]


def facts_on(station: Station, *, on: dt.date, period: Period) -> StationFile:
    """What the file shows on a day for 附件3 A1, A2 and B1 of a year (R-51, R-52, R-55); one query."""
    settings = _policy(on).settings
    return file_on(papers_of([station.pk])[station.pk], on=on, period=period, settings=settings)


def alerts_of(station_ids: Collection[uuid.UUID], *, on: dt.date) -> dict[uuid.UUID, tuple[PaperAlert, ...]]:
    """What is missing, has run out or soon will, by station; one query (第八条（二）, R-32 G2: never automatic)."""
    settings = _policy(on).settings
    return {pk: paper_alerts(papers, on=on, settings=settings) for pk, papers in papers_of(station_ids).items()}


def _policy(on: dt.date) -> Policy:
    return policy_on(on).policy


@dataclass(frozen=True, slots=True)
class ThreadView:
    """One paper of the file: the version that speaks for today and the earlier and later ones."""

    kind: PaperKind
    place: uuid.UUID | None
    period: int | None
    standing: Holding
    speaks: StationPaper | None
    versions: list[StationPaper] = field(default_factory=list)

    @property
    def title(self) -> str:
        newest = self.speaks or self.versions[0]
        if self.kind == PaperKind.SITE:
            return f"{newest.get_side_display()}：{newest.address}"
        return f"第{self.period}年度" if self.kind == PaperKind.PLAN else newest.title

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.place or self.period or 0}"

    @property
    def look(self) -> str:
        """The pill's state for how the paper stands."""
        return {Holding.MET: "APPROVED", Holding.UNCHECKED: "PENDING"}.get(self.standing, "REJECTED")


@dataclass(frozen=True, slots=True)
class KindView:
    """All papers of a kind, in the order of the file."""

    kind: PaperKind
    threads: list[ThreadView]


def file_of(station: Station, user: User, *, on: dt.date) -> list[KindView]:
    """The whole file as this person may see it; two queries whatever the number of versions."""
    rows = (
        StationPaper.objects.visible_to(user)
        .filter(station=station)
        .select_related("added_by", "checked_by")
        .prefetch_related("files__attachment")
        .order_by("-side", "place", "-period", "-version")
    )
    threads: dict[tuple[str, uuid.UUID | None, int | None], list[StationPaper]] = {}
    for row in rows:
        threads.setdefault((row.kind, row.place, row.period), []).append(row)
    shown: dict[str, list[ThreadView]] = {kind: [] for kind in PaperKind.values}
    for (kind, place, number), versions in threads.items():
        facts = [as_fact(row) for row in versions]
        speaks = holder(facts, on)
        row_of = {row.version: row for row in versions}
        shown[kind].append(
            ThreadView(
                PaperKind(kind),
                place,
                number,
                _plan_standing(versions) if kind == PaperKind.PLAN else standing_of(facts, on),
                row_of[speaks.version] if speaks else None,
                versions,
            )
        )
    return [KindView(PaperKind(kind), found) for kind, found in shown.items()]


def _plan_standing(versions: list[StationPaper]) -> Holding:
    """A plan belongs to its year, whatever the day: 已核, 待核 or refused."""
    if any(row.accepted for row in versions):
        return Holding.MET
    return Holding.UNCHECKED if any(row.accepted is None for row in versions) else Holding.REFUSED
