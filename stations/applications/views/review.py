"""审阅: the file on the left, its papers on the right; what changed since the notice; who counted at a decision."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from jinhua_labor.rulebook import policy_on
from stations.applications.enums import Slot, TargetKind
from stations.applications.models import Application, CountSnapshot
from stations.applications.queries.changes import changes
from stations.applications.queries.editable import NOTHING, latest_notice
from stations.applications.queries.facts import policy_day, unconfirmed
from stations.applications.queries.places import Marks, blocks, material_places, paper, papers, row_places
from stations.applications.queries.slots import materials
from stations.applications.queries.targets import area_text
from stations.applications.queries.timeline import next_step, steps
from stations.applications.services.snapshot import verify
from stations.roster.enums import CountStatus, ReasonCode
from stations.roster.models import Delivery
from stations.roster.queries import summary

from .common import fetch
from .office import Bound, Office

OFFICES = (Role.CENTRE, Role.BUREAU, Role.AUDITOR)
SNAPSHOT_ROWS = 50


@require_GET
@allow(*OFFICES)
def review(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """并排审阅."""
    return review_page(request, fetch(request, pk))


def review_page(
    request: UserRequest,
    application: Application,
    *,
    status: int = 200,
    bound: Bound | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    """The page, with the forms of a failed post."""
    office = Office(request, application, back="review", bound=bound or {})
    notice = latest_notice(application) if office.has_changes else None
    changed = changes(application, notice) if notice else None
    touched = [change.target for change in (*changed.fields, *changed.slots)] if changed else []
    marks = Marks(application, [*touched, *(row.delivery_id for row in changed.rows)] if changed else ())
    views = material_places(
        [view for view in materials(application, day=today(), allowed=NOTHING) if view.slots], marks
    )
    # 证件 are opened by a logged post only, never beside the form.
    seen = [paper for paper in papers(application, views) if paper.url]
    rows = Delivery.objects.visible_to(request.user).filter(roster_list=application.roster_list_id)
    asked = {name: request.GET.get(name, "") for name in ("rs", "rq", "rp", "paper")}
    context = {
        "application": application,
        "review": application.review,
        "area": area_text(application),
        "office": office,
        "refusal": refusal,
        "next": next_step(application, request.user),
        "steps": steps(application),
        "unconfirmed": unconfirmed(policy_day(application, today())),
        "blocks": blocks(application, marks),
        "materials": views,
        "needed": policy_on(today()).policy.min_delivered,
        "tally": summary(application.roster_list),
        "whole_roster": marks.place(TargetKind.MATERIAL, Slot.M5, "整份名册"),
        "roster": row_places(rows, marks, status=asked["rs"], words=asked["rq"].strip(), page=asked["rp"]),
        "statuses": CountStatus.choices,
        "asked": asked,
        "papers": seen,
        "current": next((paper for paper in seen if paper.pk == asked["paper"]), seen[0] if seen else None),
        "changed": changed,
    }
    return render(request, "applications/review.html", context, status=status)


@require_GET
@allow(*OFFICES)
def changed(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """只看改动: since the latest 补正通知书."""
    application = fetch(request, pk)
    notice = latest_notice(application)
    context: dict[str, Any] = {
        "application": application,
        "review": application.review,
        "office": Office(request, application),
        "notice": notice,
    }
    if notice is not None:
        found = changes(application, notice)
        context |= {
            "changes": found,
            "slots": [
                {
                    "label": slot.label,
                    "target": slot.target,
                    "before": [paper(row, row.attachment.name) for row in slot.before],
                    "after": [paper(row, row.attachment.name) for row in slot.after],
                }
                for slot in found.slots
            ],
            "answers": notice.defects.exclude(answer=""),
        }
    return render(request, "applications/changes.html", context)


@require_GET
@allow(*OFFICES)
def snapshot(request: UserRequest, pk: uuid.UUID, snapshot: uuid.UUID) -> HttpResponse:
    """当时的名单: people and codes as they were when somebody decided, and whether the record is intact."""
    application = fetch(request, pk)
    frozen = get_object_or_404(CountSnapshot.objects.filter(application=application), pk=snapshot)
    status = request.GET.get("rs", "")
    rows = [row for row in frozen.rows if not status or row[2] == status]
    page = Paginator(rows, SNAPSHOT_ROWS).get_page(request.GET.get("page"))
    people = (
        Delivery.objects.visible_to(request.user)
        .select_related("person", "employer")
        .in_bulk([row[0] for row in page.object_list])
    )
    listed = [
        {
            "delivery": people.get(uuid.UUID(row[0])),
            "status": row[2],
            "codes": [f"{code} {ReasonCode(code).label}" for code in row[3]],
            "qualified_on": row[4],
        }
        for row in page.object_list
    ]
    context = {
        "application": application,
        "review": application.review,
        "snapshot": frozen,
        "intact": verify(frozen),
        "page_obj": page,
        "rows": listed,
        "status": status,
        "tabs": [
            {"url": f"?rs={code}" if code else "?", "label": label, "count": count, "active": code == status}
            for code, label, count in (
                ("", "全部", frozen.raw),
                ("COUNTED", "计入", frozen.counted),
                ("PENDING", "待核", frozen.pending),
                ("EXCLUDED", "不计", frozen.excluded),
            )
        ],
    }
    return render(request, "applications/snapshot.html", context)
