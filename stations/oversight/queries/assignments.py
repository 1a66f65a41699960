"""Reads of 委托协会检查: which files may be shared, what an open assignment shows, what is still owed."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import CharField, Count, F, Prefetch, QuerySet, Value
from django.db.models.functions import StrIndex

from jinhua_labor.accounts.enums import OrganisationKind, OrganisationState, Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.attachments.enums import Audience, FileState
from jinhua_labor.attachments.models import Attachment, AttachmentShare
from stations.oversight.enums import ActivityPaperSlot, ActivityState, SharedSection, VisitState
from stations.oversight.models import (
    Activity,
    ActivityPaper,
    Assignment,
    AssignmentOpinion,
    AssignmentQuerySet,
    Finding,
    Visit,
    VisitPhoto,
)
from stations.oversight.rules.assignments import name_tells, state_of, without_names, without_numbers
from stations.registry.models import Liaison, Station, StationPaper, StationPaperFile
from stations.roster.models import Delivery

OVER = "over"


def associations() -> QuerySet[Organisation]:
    """Whom the centre may ask."""
    rows = Organisation.objects.filter(kind=OrganisationKind.ASSOCIATION, state=OrganisationState.ACTIVE)
    return rows.order_by("name")


@dataclass(frozen=True, slots=True)
class Offered:
    """A file of the station that may be shared, and where it comes from."""

    attachment: Attachment
    source: str


def offered_files(station: Station) -> list[Offered]:
    """Newest versions of the station's papers, photographs of visits and of confirmed events; three queries.

    Rosters, contracts and sign-in sheets are never offered, nor is a paper of identity, one of the office alone, or one
    whose name tells a number: the association reads the name as it is.
    """
    found: dict[uuid.UUID, Offered] = {}
    papers = StationPaperFile.objects.filter(paper__station=station).select_related("paper", "attachment")
    newest: dict[tuple[object, ...], int] = {}
    for row in papers.order_by("paper__kind", "paper__place", "paper__period", "-paper__version", "id"):
        paper = row.paper
        thread = (paper.kind, paper.place, paper.period)
        if newest.setdefault(thread, paper.version) == paper.version:
            found[row.attachment_id] = Offered(row.attachment, f"档案：{_told_apart(paper)}")
    for photo in VisitPhoto.objects.filter(visit__station=station, visit__state=VisitState.DONE).select_related(
        "visit", "attachment"
    ):
        found.setdefault(photo.attachment_id, Offered(photo.attachment, f"走访照片：{photo.visit.number}"))
    for proof in ActivityPaper.objects.filter(
        activity__station=station, activity__state=ActivityState.CONFIRMED, slot=ActivityPaperSlot.PHOTO
    ).select_related("activity", "attachment"):
        found.setdefault(proof.attachment_id, Offered(proof.attachment, f"活动照片：{proof.activity.name}"))
    return [one for one in found.values() if _may_be_shared(one.attachment)]


def _told_apart(paper: StationPaper) -> str:
    """Its kind, with the address of a site or the year of a plan: a station has several of these."""
    more = paper.address or (f"第{paper.period}年度" if paper.period is not None else "")
    return f"{paper.get_kind_display()}，{more}" if more else str(paper.get_kind_display())


def _may_be_shared(file: Attachment) -> bool:
    seen_by_the_party = file.audience in (Audience.PARTY_AND_OFFICE, Audience.PUBLIC)
    return seen_by_the_party and not file.secret and file.state == FileState.OK and not name_tells(file.name)


def assignments(user: User, shown: str, *, day: dt.date) -> AssignmentQuerySet:
    """Assignments this person may see, with their opinions: those that last, the first to end on top, or those over."""
    rows = Assignment.objects.visible_to(user).select_related("station__operator", "organisation")
    rows = rows.prefetch_related(Prefetch("opinions", AssignmentOpinion.objects.select_related("written_by")))
    if shown == OVER:
        return rows.over_on(day).order_by("-ends_on", "-assigned_at", "id")
    return rows.open_on(day).order_by("ends_on", "assigned_at", "id")


def owed(user: User, *, day: dt.date) -> AssignmentQuerySet:
    """Open assignments the association has not written about yet, the first to end on top."""
    if user.role != Role.ASSOCIATION:
        return Assignment.objects.none()
    rows = Assignment.objects.visible_to(user).open_on(day).filter(opinions__isnull=True)
    return rows.select_related("station").order_by("ends_on", "assigned_at")


def pill_of(row: Assignment, *, day: dt.date) -> dict[str, str]:
    state, label = state_of(row.term, on=day)
    return {"state": state, "label": label}


def shares_of(row: Assignment) -> QuerySet[AttachmentShare]:
    """The files opened for this assignment."""
    return AttachmentShare.objects.filter(matter=row.pk).select_related("attachment").order_by("id")


# --- what it shows of the station -------------------------------------------------------------------------------------


def roster_of(row: Assignment) -> QuerySet[Delivery] | None:
    """Rows of the station's roster without any number of identity, the newest entries first; None where not shared."""
    if SharedSection.ROSTER not in row.sections:
        return None
    rows = Delivery.objects.filter(station=row.station_id).select_related("person", "employer")
    shown = ("name", "hukou_province", "entry_on", "leave_on", "status", "person__last4", "employer__name")
    return rows.only(*shown).order_by("-entry_on", "seq", "id")


def visits_of(row: Assignment) -> QuerySet[Visit] | None:
    """Visits that were made, with the number of problems; None where not shared."""
    if SharedSection.VISITS not in row.sections:
        return None
    rows = Visit.objects.filter(station=row.station_id, state=VisitState.DONE)
    return rows.annotate(problems=Count("findings")).order_by("-visited_on", "id")


def findings_of(row: Assignment) -> list[tuple[Finding, str]]:
    """Problems found on visits, their words without numbers and names, the newest first."""
    if SharedSection.VISITS not in row.sections:
        return []
    rows = Finding.objects.filter(station=row.station_id, visit__isnull=False).order_by("-raised_at", "id")
    found = list(rows[:MOST])
    return list(zip(found, _masked(row.station_id, [one.text for one in found]), strict=True))


def activities_of(row: Assignment) -> list[tuple[Activity, str]] | None:
    """Confirmed events with their name and place, without numbers and names; None where not shared."""
    if SharedSection.ACTIVITIES not in row.sections:
        return None
    rows = Activity.objects.filter(state=ActivityState.CONFIRMED, station=row.station_id).order_by("-held_on", "id")
    found = list(rows[:MOST])
    return list(zip(found, _masked(row.station_id, [f"{one.name}，{one.place}" for one in found]), strict=True))


def _masked(station_id: uuid.UUID, texts: Sequence[str]) -> list[str]:
    """The texts without numbers, and without the names of the people this station knows: its roster, its liaisons.

    The database looks which of the names stand in the texts: a roster may have thousands.
    """
    everything = "\n".join(texts)
    if not everything:
        return list(texts)
    names: set[str] = set()
    for rows in (Delivery.objects.filter(station=station_id), Liaison.objects.filter(station=station_id)):
        place = StrIndex(Value(everything, output_field=CharField()), F("name"))
        names |= set(rows.annotate(place=place).filter(place__gt=0).values_list("name", flat=True).distinct())
    return [without_names(without_numbers(text), names) for text in texts]


MOST = 50
"""Visits, problems and events shown at once: more than a station has in two years."""
