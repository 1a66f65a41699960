"""Reads of 委托协会检查: which files may be shared, what an open assignment shows, what is still owed."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

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
from stations.oversight.rules.assignments import state_of, without_numbers
from stations.registry.models import Station, StationPaperFile
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

    Rosters, contracts and sign-in sheets are never offered, nor is a paper of identity or one of the office alone.
    """
    found: dict[uuid.UUID, Offered] = {}
    papers = StationPaperFile.objects.filter(paper__station=station).select_related("paper", "attachment")
    newest: dict[tuple[object, ...], int] = {}
    for row in papers.order_by("paper__kind", "paper__place", "paper__period", "-paper__version", "id"):
        paper = row.paper
        thread = (paper.kind, paper.place, paper.period)
        if newest.setdefault(thread, paper.version) == paper.version:
            found[row.attachment_id] = Offered(row.attachment, f"档案：{paper.get_kind_display()}")
    for photo in VisitPhoto.objects.filter(visit__station=station, visit__state=VisitState.DONE).select_related(
        "visit", "attachment"
    ):
        found.setdefault(photo.attachment_id, Offered(photo.attachment, f"走访照片：{photo.visit.number}"))
    for proof in ActivityPaper.objects.filter(
        activity__station=station, activity__state=ActivityState.CONFIRMED, slot=ActivityPaperSlot.PHOTO
    ).select_related("activity", "attachment"):
        found.setdefault(proof.attachment_id, Offered(proof.attachment, f"活动照片：{proof.activity.name}"))
    return [one for one in found.values() if _may_be_shared(one.attachment)]


def _may_be_shared(file: Attachment) -> bool:
    seen_by_the_party = file.audience in (Audience.PARTY_AND_OFFICE, Audience.PUBLIC)
    return seen_by_the_party and not file.secret and file.state == FileState.OK


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
    """Problems found on visits, their words without numbers, the newest first."""
    if SharedSection.VISITS not in row.sections:
        return []
    rows = Finding.objects.filter(station=row.station_id, visit__isnull=False).order_by("-raised_at", "id")
    return [(one, without_numbers(one.text)) for one in rows[:MOST]]


def activities_of(row: Assignment) -> QuerySet[Activity] | None:
    """Confirmed events; None where not shared."""
    if SharedSection.ACTIVITIES not in row.sections:
        return None
    return Activity.objects.filter(Q(state=ActivityState.CONFIRMED), station=row.station_id).order_by("-held_on", "id")


MOST = 50
"""Visits, problems and events shown at once: more than a station has in two years."""
