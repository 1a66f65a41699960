"""What the application brought becomes the station's file: its papers are the first versions (第三、四条)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.utils import timezone

from jinhua_labor.accounts.models import User
from jinhua_labor.attachments.models import Attachment
from stations.applications.enums import Slot
from stations.applications.models import Application, Site
from stations.applications.queries.targets import place_text
from stations.registry.enums import PaperKind
from stations.registry.models import Station
from stations.registry.services.papers import Content, FirstPaper, take_over

SLOTS = {
    PaperKind.BUSINESS: (Slot.M1,),
    PaperKind.LICENCE: (Slot.M2,),
    PaperKind.AGREEMENT: (Slot.M4B,),
    PaperKind.RULES: (Slot.M4A, Slot.M4D),
    PaperKind.WORKER_RULES: (Slot.M4C,),
    PaperKind.PLAN: (Slot.PLAN,),
}


def open_file(*, application: Application, station: Station, by: User) -> None:
    """Opens 站点档案 with what was handed in; judged at 初审, so 已核 by who screened it."""
    review = application.review
    take_over(
        station=station,
        papers=first_papers(application),
        checked_by=review.screened_by,
        checked_at=review.screened_at,
        by=by,
    )


def first_papers(application: Application) -> list[FirstPaper]:
    """The papers of an application as first versions, filed on the day it was first handed in; two queries."""
    submitted = application.review.first_submitted_at
    filed_on = timezone.localdate(submitted) if submitted else timezone.localdate(application.created_at)
    files: dict[tuple[str, object], list[Attachment]] = defaultdict(list)
    for row in application.materials.filter(superseded_at__isnull=True).select_related("attachment"):
        files[row.slot, row.site_id].append(row.attachment)
    found = []
    for kind, slots in SLOTS.items():
        papers = tuple(one for slot in slots for one in files[slot, None])
        if papers or kind in {PaperKind.LICENCE, PaperKind.AGREEMENT}:
            found.append(FirstPaper(kind, _content(application, kind, filed_on), filed_on, papers))
    for site in application.sites.all():
        found.append(  # noqa: PERF401  reads better than a comprehension of four lines
            FirstPaper(
                PaperKind.SITE,
                _site(site, filed_on),
                filed_on,
                tuple(one for slot in (Slot.LEASE, Slot.M6) for one in files[slot, site.pk]),
            )
        )
    return found


def _content(row: Application, kind: PaperKind, filed_on: dt.date) -> Content:
    match kind:
        case PaperKind.LICENCE:
            begin, end = _dates(row.licence_from, row.licence_to, filed_on)
            return Content(kind.label, begin, end, number=row.licence_no, party=row.licence_issuer)
        case PaperKind.AGREEMENT:
            begin, end = _dates(row.agreement_from or row.agreement_signed_on, row.agreement_to, filed_on)
            return Content(kind.label, begin, end, party=row.partner_name, text=row.agreement_measures)
        case _:
            return Content(kind.label, filed_on)


def _site(site: Site, filed_on: dt.date) -> Content:
    begin, end = _dates(site.lease_from, site.lease_to, filed_on)
    address = place_text(site) or "地址未填"
    return Content(
        address[:100],
        begin,
        end,
        side=site.side,
        address=address[:200],
        tenure=site.tenure,
        facilities=tuple(site.facilities),
    )


def _dates(begin: dt.date | None, end: dt.date | None, filed_on: dt.date) -> tuple[dt.date, dt.date | None]:
    """From the day given, else from the day of filing; never after the end."""
    first = begin or filed_on
    return (min(first, end) if end else first), end
