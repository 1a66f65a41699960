"""The search box on top: numbers, operators, areas, stations, people by their full name; each by what one may see."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.urls import NoReverseMatch, reverse

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.core.docno import DocNoError, normalise_doc_no
from jinhua_labor.core.provinces import province_of_text
from stations.applications.models import Application
from stations.applications.queries.targets import area_text
from stations.registry.models import Station
from stations.registry.queries import directory
from stations.roster.models import Delivery

SHOWN = 10
FILE_ROLES = (Role.OPERATOR, Role.CENTRE, Role.BUREAU, Role.AUDITOR)


@dataclass(frozen=True, slots=True)
class Hit:
    title: str
    url: str
    sub: str
    state: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of a kind; `more` where there is more than is shown."""

    title: str
    icon: str
    hits: tuple[Hit, ...]
    more: bool


def search(user: User, words: str) -> list[Group]:
    """Groups that hold something, the exact number first; three queries at most, none without words."""
    words = " ".join(words.split())[:60]
    if not words:
        return []
    groups = []
    if user.role in FILE_ROLES:
        groups = [_applications(user, words), _stations(user, words), _people(user, words)]
    elif user.role == Role.ADMIN:
        groups = [_organisations(user, words)]
    elif user.role in (Role.ASSOCIATION, Role.FINANCE):
        groups = [_directory(words)]
    return [group for group in groups if group.hits]


def _group(title: str, icon: str, hits: list[Hit]) -> Group:
    return Group(title, icon, tuple(hits[:SHOWN]), len(hits) > SHOWN)


def _applications(user: User, words: str) -> Group:
    matches = (
        Q(review__number__icontains=words)
        | Q(filing_no__iexact=words)
        | Q(operator__name__icontains=words)
        | Q(operator__credit_code__iexact=words)
        | Q(partner_name__icontains=words)
        | Q(area_city__icontains=words)
        | Q(area_county__icontains=words)
    )
    if code := province_of_text(words):
        matches |= Q(area_province=code)
    rows = Application.objects.visible_to(user).filter(matches).select_related("review", "operator")
    hits = [
        Hit(
            f"设立申请 {row.review.number or '（草稿）'}",
            row.get_absolute_url(),
            "　".join(part for part in (row.operator.name, area_text(row)) if part),
            row.review.state,
            row.review.label_for(user),
        )
        for row in rows.order_by("-created_at", "id")[: SHOWN + 1]
    ]
    return _group("申请", "file-text", hits)


def _stations(user: User, words: str) -> Group:
    try:
        number = normalise_doc_no(words)
    except DocNoError:
        number = ""
    matches = (
        Q(number__iexact=words)
        | Q(name__icontains=words)
        | Q(operator__name__icontains=words)
        | Q(operator__credit_code__iexact=words)
        | Q(filing_no__iexact=words)
        | Q(plaque_no__iexact=words)
    )
    if number:
        matches |= Q(document__doc_no=number)
    rows = Station.objects.visible_to(user).filter(matches).select_related("operator")
    hits = [
        Hit(
            row.name,
            row.get_absolute_url(),
            f"{row.number}　{row.operator.name}",
            row.state,
            row.get_state_display(),
        )
        for row in rows[: SHOWN + 1]
    ]
    return _group("工作站", "building-community", hits)


def _people(user: User, words: str) -> Group:
    """Rows of rosters by the full name; the number stays masked."""
    rows = Delivery.objects.visible_to(user).filter(name=words).select_related("person", "employer", "operator")
    hits = [
        Hit(row.name, _url(row), f"{row.person.masked_id}　{row.employer.name}", row.status, row.get_status_display())
        for row in rows.order_by("-entry_on", "id")[: SHOWN + 1]
    ]
    return _group("名册人员", "users", hits)


def _url(row: Delivery) -> str:
    try:
        return row.get_absolute_url()
    except NoReverseMatch:
        return ""


def _organisations(user: User, words: str) -> Group:
    rows = Organisation.objects.visible_to(user).filter(Q(name__icontains=words) | Q(credit_code__iexact=words))
    hits = [Hit(row.name, "", row.credit_code, "", row.get_state_display()) for row in rows[: SHOWN + 1]]
    return _group("单位", "building", hits)


def _directory(words: str) -> Group:
    found = directory.directory(directory.Filters(q=words))
    hits = [
        Hit(row.name, reverse("registry:entry", args=[row.pk]), row.operator.name, row.state, "运行中")
        for row in found.page.object_list[: SHOWN + 1]
    ]
    return _group("工作站名录", "building-community", hits)
