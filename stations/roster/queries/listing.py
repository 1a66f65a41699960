"""Rows of a list as a page shows them: filters from the address, what to filter by, one person by his full number."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import Count, QuerySet

from jinhua_labor.core.crypto import blind_index
from jinhua_labor.core.idnumber import IdNumberError, parse
from jinhua_labor.core.provinces import PROVINCES
from stations.roster.enums import CountFlag, CountStatus, ReasonCode
from stations.roster.models import ID_PURPOSE, Delivery, RosterList

if TYPE_CHECKING:
    from jinhua_labor.accounts.models import User


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; empty fields narrow nothing. `person` is a Person found by his full number."""

    status: str = ""
    code: str = ""
    flag: str = ""
    employer: str = ""
    province: str = ""
    q: str = ""
    person: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Filters:
        """From the address; what is not a known value is ignored rather than refused."""
        status, code, flag = query.get("status", ""), query.get("code", ""), query.get("flag", "")
        province = query.get("province", "")
        return cls(
            status=status if status in CountStatus.values else "",
            code=code if code in ReasonCode.values else "",
            flag=flag if flag in CountFlag.values else "",
            employer=as_uuid(query.get("employer", "")),
            province=province if province in PROVINCES or province == "none" else "",
            q=query.get("q", "").replace("\x00", "").strip()[:50],
            person=as_uuid(query.get("person", "")),
        )

    @property
    def any(self) -> bool:
        return any(asdict(self).values())

    @property
    def query(self) -> str:
        """The filters as a query string without those that are empty."""
        return urlencode({name: value for name, value in asdict(self).items() if value})

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def as_uuid(text: str) -> str:
    """The key as it is written, empty for what is none."""
    try:
        return str(uuid.UUID(text)) if text else ""
    except ValueError:
        return ""


def filtered(roster_list: RosterList, filters: Filters) -> QuerySet[Delivery]:
    """The rows of the list that pass, in the order of the list."""
    rows = Delivery.objects.filter(roster_list=roster_list)
    if filters.status:
        rows = rows.filter(status=filters.status)
    if filters.code:
        rows = rows.filter(codes__contains=[filters.code])
    if filters.flag:
        rows = rows.filter(flags__contains=[filters.flag])
    if filters.employer:
        rows = rows.filter(employer=filters.employer)
    if filters.province:
        rows = rows.filter(hukou_province="" if filters.province == "none" else filters.province)
    if filters.q:
        rows = rows.filter(name__contains=filters.q)
    if filters.person:
        rows = rows.filter(person=filters.person)
    return rows.order_by("seq", "id")


@dataclass(frozen=True, slots=True)
class Facets:
    """What there is to narrow a list by."""

    employers: list[tuple[str, str]]
    provinces: list[tuple[str, str]]
    codes: list[tuple[str, str, int]]


FACETS_MAX = 200


def facets(roster_list: RosterList) -> Facets:
    """The employers and provinces of a list and the reasons it knows; two queries whatever its length."""
    rows = Delivery.objects.filter(roster_list=roster_list).order_by()
    employers = rows.values("employer_id", "employer__name").annotate(n=Count("pk")).order_by("-n")[:FACETS_MAX]
    provinces = rows.values_list("hukou_province", flat=True).distinct()
    return Facets(
        employers=[(str(row["employer_id"]), row["employer__name"]) for row in employers],
        provinces=sorted((code or "none", PROVINCES.get(code, "未识别")) for code in provinces),
        codes=[(code, ReasonCode(code).label, count) for code, count in sorted(roster_list.by_code.items())],
    )


def reasons(row: Delivery) -> list[tuple[str, str]]:
    """Code and words of every reason of a row."""
    return [(code, ReasonCode(code).label) for code in row.codes]


def find_person(*, user: User, number: str, roster_list: RosterList | None = None) -> QuerySet[Delivery]:
    """The rows of the person with this full number that `user` may see. Raises IdNumberError for what is no number."""
    index = blind_index(ID_PURPOSE, parse(number).text)
    rows = Delivery.objects.visible_to(user).filter(person__id_index=index)
    return rows.filter(roster_list=roster_list) if roster_list is not None else rows


__all__ = ["Facets", "Filters", "IdNumberError", "facets", "filtered", "find_person", "reasons"]
