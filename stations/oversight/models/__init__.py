"""What supervision keeps: changes, visits and findings, activities, complaints and accidents,
revocations, what is assigned to the association."""

from .accidents import Accident, AccidentQuerySet
from .activities import Activity, ActivityOrganiser, ActivityPaper, ActivityQuerySet
from .assignments import Assignment, AssignmentOpinion, AssignmentQuerySet
from .changes import ChangePaper, ChangeReport, ChangeReportQuerySet, UnitCheck
from .complaints import Complaint, ComplaintQuerySet
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
    "Assignment",
    "AssignmentOpinion",
    "AssignmentQuerySet",
    "ChangePaper",
    "ChangeReport",
    "ChangeReportQuerySet",
    "Complaint",
    "ComplaintQuerySet",
    "Finding",
    "FindingQuerySet",
    "Rectification",
    "RectificationPaper",
    "Revocation",
    "RevocationPaper",
    "RevocationQuerySet",
    "UnitCheck",
    "Visit",
    "VisitCheck",
    "VisitPhoto",
    "VisitQuerySet",
]
