"""What the steps of an assessment share: the year locked first, then its sheet, then the review beside it."""

from __future__ import annotations

import uuid

from django.core.exceptions import PermissionDenied

from assessments.sheets.enums import Stage
from assessments.sheets.models import Assessment, Sheet
from jinhua_labor.accounts.enums import OrganisationKind, Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.attachments import services as attachments
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.attachments.models import Attachment
from jinhua_labor.core.errors import Conflict
from jinhua_labor.policy.types import Policy
from jinhua_labor.review import services as review_services
from jinhua_labor.review.models import Review
from jinhua_labor.rulebook import policy_on

PAPERS = ("pdf", "jpeg", "png")


def policy_of(assessment: Assessment) -> Policy:
    """The version of the period's last day (R-48)."""
    return policy_on(assessment.ends_on).policy


def lock_year(assessment_id: uuid.UUID) -> Assessment:
    """The year's row until the transaction ends; every step of an assessment begins here."""
    rows = Assessment.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("station", "operator", "frozen_year").get(pk=assessment_id)


def lock_sheet(sheet_id: uuid.UUID) -> Sheet:
    """The sheet with its year and its review, all three locked. Conflict for an earlier round: it stays as it is."""
    assessment = lock_year(Sheet.objects.values_list("assessment_id", flat=True).get(pk=sheet_id))
    sheet = Sheet.objects.select_for_update(of=("self",), no_key=True).get(pk=sheet_id)
    if assessment.sheets.filter(round__gt=sheet.round).exists():
        raise Conflict("这个年度已重新评分，这一次的评估表不再变动。")
    sheet.assessment = assessment
    if sheet.review_id is not None:
        sheet.review = review_services.lock(sheet.review_id)
    return sheet


def expect(assessment: Assessment, *stages: Stage) -> None:
    """Raises Conflict where the year stands elsewhere than the page showed."""
    if assessment.stage not in stages:
        raise Conflict(f"{assessment}现在“{assessment.get_stage_display()}”，请刷新后再办。")


def move(assessment: Assessment, stage: Stage) -> None:
    assessment.stage = stage
    assessment.save(update_fields=["stage"])


def review_of(sheet: Sheet) -> Review:
    """The review beside the sheet; Conflict before it was handed on for the first time."""
    if sheet.review is None:
        raise Conflict("这张评估表还没有送复核。")
    return sheet.review


def require_unit(assessment: Assessment, by: User) -> None:
    """Raises PermissionDenied for anybody but the people of the unit that is answerable for the year."""
    if by.role != Role.OPERATOR or by.organisation_id != assessment.operator_id:
        raise PermissionDenied


def keep(
    upload: attachments.Upload, *, assessment: Assessment, by: User, audience: Audience = Audience.PARTY_AND_OFFICE
) -> Attachment:
    """A paper of the assessment; what the centre puts beside a line is for the offices."""
    return attachments.store(
        upload, by=by, organisation=assessment.operator, audience=audience, kinds=PAPERS, kind="assessment"
    )


def centre() -> Organisation:
    """The centre itself: the review of a sheet is its own, and the unit reads nothing of it."""
    return Organisation.objects.get(kind=OrganisationKind.CENTRE)
