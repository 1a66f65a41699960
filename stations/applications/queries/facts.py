"""The facts of an application as the pure rules want them, gathered in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from jinhua_labor.core import creditcode
from jinhua_labor.review.states import CLOSED
from jinhua_labor.rulebook import policy_on
from stations.applications.enums import CreditCheck, Side, Slot
from stations.applications.models import Application
from stations.applications.rules import (
    Area,
    ManagementFacts,
    MaterialFacts,
    Occupied,
    OperatorFacts,
    SiteFacts,
)
from stations.registry.enums import StationState
from stations.registry.models import Ban, Station

# Which of the seven a slot belongs to; the fourth has its parts.
NUMBER_OF_SLOT: dict[str, int] = {
    Slot.M1: 1, Slot.M2: 2, Slot.M3: 3, Slot.M4A: 4, Slot.M4B: 4, Slot.M4C: 4, Slot.M4D: 4,
    Slot.M5: 5, Slot.M6: 6, Slot.M7: 7,
}  # fmt: skip


@dataclass
class Papers:
    """How many usable files lie in each slot, and in each slot of a site; how many paper copies were received."""

    application: Application

    @cached_property
    def counts(self) -> Counter[tuple[str, str]]:
        rows = self.application.materials.filter(superseded_at__isnull=True).values_list("slot", "site_id")
        return Counter((slot, str(site or "")) for slot, site in rows)

    @cached_property
    def paper(self) -> dict[int, int]:
        return dict(self.application.paper.values_list("material", "copies"))

    def has(self, slot: str, site_id: object = "") -> bool:
        return self.counts[(slot, str(site_id or ""))] > 0

    def by_material(self) -> dict[int, MaterialFacts]:
        """Facts of the seven; the photographs (六) are counted by site."""
        files: dict[int, dict[str, int]] = {number: {} for number in range(1, 8)}
        for (slot, site), count in self.counts.items():
            number = NUMBER_OF_SLOT.get(slot)
            if number:
                files[number][site or slot] = count
        return {n: MaterialFacts(files[n], paper_received=self.paper.get(n, 0)) for n in files}


def area_of(application: Application) -> Area:
    return Area(application.area_province, application.area_city, application.area_county)


def operator_facts(application: Application, *, day: dt.date) -> OperatorFacts:
    """Papers and standing of 申请单位 on this day (R-09)."""
    code = application.operator.credit_code
    last = Ban.objects.in_force(code, day).order_by("-last_day").first()
    return OperatorFacts(
        credit_code_valid=_valid(code),
        registered=True,  # the centre compares 营业执照 at 初审; the portal knows no register of companies
        has_licence=bool(application.licence_no),
        licence_from=application.licence_from,
        licence_to=application.licence_to,
        credit_check=CreditCheck(application.credit_check) if application.credit_check else None,
        barred_until=last.last_day if last else None,
    )


def site_facts(application: Application, papers: Papers, *, day: dt.date) -> list[SiteFacts]:
    """工作地点 with their proofs (R-10); a 金东 site lies in the district by definition of its side."""
    district = policy_on(day).policy.settings.district_code
    return [
        SiteFacts(
            side=Side(site.side),
            area=Area(site.province, site.city, site.county),
            district=district if site.side == Side.DISTRICT else "",
            address=site.address,
            has_tenure=bool(site.tenure) and papers.has(Slot.LEASE, site.pk),
            tenure_to=site.lease_to,
            photos=papers.counts[(Slot.M6, str(site.pk))],
            facilities=len(site.facilities),
            confirmed=site.checked_at is not None,
            target=f"site:{site.pk}",
        )
        for site in application.sites.all()
    ]


def management_facts(application: Application, papers: Papers) -> ManagementFacts:
    """The three documents of condition (三) (R-11), without judgements."""
    return ManagementFacts(
        has_rules=papers.has(Slot.M4C),
        has_agreement=papers.has(Slot.M4B),
        has_plan=papers.has(Slot.PLAN),
        agreement_from=application.agreement_from,
        agreement_to=application.agreement_to,
        has_measures=bool(application.agreement_measures.strip()),
    )


def occupied_areas(application: Application) -> list[Occupied]:
    """Areas the operator has already: its open files and its stations that are not revoked or expired (R-14)."""
    open_files = (
        Application.objects.filter(operator=application.operator_id, review__first_submitted_at__isnull=False)
        .exclude(pk=application.pk)
        .exclude(review__state__in=sorted(CLOSED))
    )
    stations = Station.objects.filter(operator=application.operator_id).exclude(
        state__in=[StationState.REVOKED, StationState.EXPIRED]
    )
    return [
        *(Occupied(area_of(row).key, row.get_absolute_url(), is_station=False) for row in open_files),
        *(Occupied(row.area_key, row.get_absolute_url(), is_station=True) for row in stations),
        # Approved, but the document is not issued yet: the area is as good as taken.
        *(
            Occupied(area_of(row).key, row.get_absolute_url(), is_station=False)
            for row in Application.objects.filter(
                operator=application.operator_id, review__state="APPROVED", station__isnull=True
            ).exclude(pk=application.pk)
        ),
    ]


def policy_day(application: Application, day: dt.date) -> dt.date:
    """The day whose version of the notice a file falls under: its acceptance (R-48), else today."""
    return application.review.accepted_on or day


def unconfirmed(day: dt.date) -> bool:
    """Whether a file of this day carries 延期待确认 (R-48)."""
    return not policy_on(day).confirmed


def expiry_notice(day: dt.date) -> str:
    """What a file of this day is told about the version, in neutral words; empty while it is confirmed (R-48)."""
    found = policy_on(day)
    if found.confirmed or found.refuses_intake:
        return found.notice
    return "本办法试行期已届满，延期待确认；现按原办法受理和办理，最终以区人社局公布的文件为准。"


def intake_closed(day: dt.date) -> str:
    """Why nothing new is taken in (only under BLOCK, R-48); empty as long as it is."""
    found = policy_on(day)
    return found.notice if found.refuses_intake else ""


def _valid(code: str) -> bool:
    try:
        creditcode.parse(code)
    except creditcode.CreditCodeError:
        return False
    return True
