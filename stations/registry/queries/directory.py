"""Lists of stations: the public directory (工作站名录) and the office's register; three queries whatever the rows."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet

from jinhua_labor.accounts.models import User
from jinhua_labor.core.provinces import PROVINCES, SHORT_NAMES, province_of_text
from stations.registry.enums import PUBLIC_STATES, StationState
from stations.registry.models import Station

PAGE_SIZE = 20
AWAITS_PLAQUE = "PLAQUE"


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address says: province code of the area, words, state (the register only)."""

    province: str = ""
    q: str = ""
    state: str = ""

    @property
    def any(self) -> bool:
        return bool(self.province or self.q or self.state)


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of stations; `provinces` are the areas to choose from with their numbers of stations."""

    page: Page[Station]
    provinces: list[tuple[str, str, int]]


def area_text(station: Station) -> str:
    """省外劳务协作地区 in one line."""
    return f"{PROVINCES.get(station.area_province, '')}{station.area_city}{station.area_county}"


def directory(filters: Filters, *, page: str | int | None = 1) -> Listing:
    """The public directory: what runs, by area and operator. Three queries."""
    rows = Station.objects.public()
    return Listing(_page(_narrowed(rows, filters), page), _provinces(rows))


def register(user: User, filters: Filters, *, page: str | int | None = 1) -> Listing:
    """All stations this person may see, in whatever state. Three queries."""
    rows = Station.objects.visible_to(user)
    narrowed = _narrowed(rows, filters)
    if filters.state == AWAITS_PLAQUE:
        narrowed = narrowed.filter(plaque_on__isnull=True, state__in=PUBLIC_STATES)
    elif filters.state in StationState.values:
        narrowed = narrowed.filter(state=filters.state)
    return Listing(_page(narrowed, page), _provinces(rows))


def awaiting_plaque(user: User) -> QuerySet[Station]:
    """待挂牌: stations without a recorded plaque, the longest established first."""
    rows = Station.objects.visible_to(user).filter(plaque_on__isnull=True, state__in=PUBLIC_STATES)
    return rows.select_related("operator").order_by("established_on", "number")


def by_province(rows: QuerySet[Station]) -> list[tuple[str, str, int]]:
    """(code, short name, number of stations), most stations first."""
    counts = rows.order_by().values_list("area_province").annotate(n=Count("pk")).order_by("-n", "area_province")
    return [(code, SHORT_NAMES.get(code, code), n) for code, n in counts]


def _provinces(rows: QuerySet[Station]) -> list[tuple[str, str, int]]:
    return sorted((code, PROVINCES.get(code, code), n) for code, _, n in by_province(rows))


def _page(rows: QuerySet[Station], page: str | int | None) -> Page[Station]:
    return Paginator(rows.select_related("operator", "document"), PAGE_SIZE).get_page(page)


def _narrowed(rows: QuerySet[Station], filters: Filters) -> QuerySet[Station]:
    if filters.province:
        rows = rows.filter(area_province=filters.province)
    for word in filters.q.split()[:5]:
        matches = (
            Q(operator__name__icontains=word)
            | Q(name__icontains=word)
            | Q(number__iexact=word)
            | Q(area_city__icontains=word)
            | Q(area_county__icontains=word)
        )
        if code := province_of_text(word):
            matches |= Q(area_province=code)
        rows = rows.filter(matches)
    return rows
