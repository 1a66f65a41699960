"""What the pages of the assessment share: rows by the one door, how a refusal is answered."""

from __future__ import annotations

import uuid
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, resolve, reverse

from assessments.sheets.models import Assessment, Sheet
from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.accounts.permissions import UserRequest

READERS = (Role.OPERATOR, Role.CENTRE, Role.BUREAU, Role.AUDITOR)
OFFICES = (Role.CENTRE, Role.BUREAU, Role.AUDITOR)
RELATED = ("station", "operator", "frozen_year", "self_submitted_by")


def fetch_year(request: UserRequest, pk: uuid.UUID) -> Assessment:
    """The year, or 404 for somebody else's."""
    return get_object_or_404(Assessment.objects.visible_to(request.user).select_related(*RELATED), pk=pk)


def fetch_sheet(request: UserRequest, pk: uuid.UUID) -> Sheet:
    """The sheet, or 404 for somebody else's and for one the station may not see yet."""
    rows = Sheet.objects.visible_to(request.user).select_related(
        *(f"assessment__{name}" for name in RELATED), "review__submitted_by", "review__screened_by", "checked_by",
        "agreed_by",
    )  # fmt: skip
    return get_object_or_404(rows, pk=pk)


def is_unit(request: UserRequest, assessment: Assessment) -> bool:
    """Whether this person belongs to the unit that is answerable for the year."""
    return request.user.role == Role.OPERATOR and request.user.organisation_id == assessment.operator_id


LISTS = (
    ("各年度评估", "assessments:list"),
    ("评估日历", "assessments:calendar"),
    ("评估结果", "assessments:results"),
    ("优秀站点", "excellent:rounds"),
)
"""Lists beside the assessed years; one that does not exist yet, or is not for this role, is left out."""


def tabs_of(user: User, active: str) -> list[dict[str, Any]]:
    """For `<c-tabs>` above the lists of the assessment."""
    found = []
    for label, name in LISTS:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        if user.role in (getattr(resolve(url).func, "allowed_roles", ()) or ()):
            found.append({"label": label, "url": url, "active": name == active})
    return found
