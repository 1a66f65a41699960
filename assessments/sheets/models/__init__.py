"""A station's assessed year, and each 附件3 written for it with its lines, people, evidence and answers."""

from .assessments import Assessment, AssessmentQuerySet, SelfEvidence
from .lines import LineAnswer, LineEvidence, SheetLine, SheetPresence
from .sheets import Sheet, SheetPerson, SheetQuerySet

__all__ = [
    "Assessment",
    "AssessmentQuerySet",
    "LineAnswer",
    "LineEvidence",
    "SelfEvidence",
    "Sheet",
    "SheetLine",
    "SheetPerson",
    "SheetPresence",
    "SheetQuerySet",
]
