"""What supervision keeps: changes, visits and their findings, activities."""

from .activities import Activity, ActivityOrganiser, ActivityPaper, ActivityQuerySet
from .changes import ChangePaper, ChangeReport, ChangeReportQuerySet, UnitCheck
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
    "UnitCheck",
    "Visit",
    "VisitCheck",
    "VisitPhoto",
    "VisitQuerySet",
]
