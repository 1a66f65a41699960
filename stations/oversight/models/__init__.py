"""What supervision keeps: changes, visits and findings, activities, complaints, accidents, renewals, revocations."""

from .accidents import Accident, AccidentQuerySet
from .activities import Activity, ActivityOrganiser, ActivityPaper, ActivityQuerySet
from .changes import ChangePaper, ChangeReport, ChangeReportQuerySet, UnitCheck
from .complaints import Complaint, ComplaintQuerySet
from .renewals import Renewal, RenewalQuerySet
from .revocations import Revocation, RevocationPaper, RevocationQuerySet
from .visits import (
    Finding,
    FindingQuerySet,
    Rectification,
    RectificationPaper,
    Visit,
    VisitCheck,
    VisitPhoto,
    VisitQuerySet,
)

__all__ = [
    "Accident",
    "AccidentQuerySet",
    "Activity",
    "ActivityOrganiser",
    "ActivityPaper",
    "ActivityQuerySet",
    "ChangePaper",
    "ChangeReport",
    "ChangeReportQuerySet",
    "Complaint",
    "ComplaintQuerySet",
    "Finding",
    "FindingQuerySet",
    "Rectification",
    "RectificationPaper",
    "Renewal",
    "RenewalQuerySet",
    "Revocation",
    "RevocationPaper",
    "RevocationQuerySet",
    "UnitCheck",
    "Visit",
    "VisitCheck",
    "VisitPhoto",
    "VisitQuerySet",
]
