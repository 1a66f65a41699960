"""What supervision keeps: changes, visits and their findings, activities, revocations."""

from .activities import Activity, ActivityOrganiser, ActivityPaper, ActivityQuerySet
from .changes import ChangePaper, ChangeReport, ChangeReportQuerySet, UnitCheck
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
    "Activity",
    "ActivityOrganiser",
    "ActivityPaper",
    "ActivityQuerySet",
    "ChangePaper",
    "ChangeReport",
    "ChangeReportQuerySet",
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
