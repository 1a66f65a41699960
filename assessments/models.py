"""The rooms' models in one place: one app, one migration history."""

from .excellent.models import Candidate, LedgerSight, Reverification, Round, Title
from .sheets.models import (
    Assessment,
    LineAnswer,
    LineEvidence,
    SelfEvidence,
    Sheet,
    SheetLine,
    SheetPerson,
    SheetPresence,
)
from .surveys.models import EmployerBallot, Survey, SurveyAnswer, SurveyCard

__all__ = [
    "Assessment",
    "Candidate",
    "EmployerBallot",
    "LedgerSight",
    "LineAnswer",
    "LineEvidence",
    "Reverification",
    "Round",
    "SelfEvidence",
    "Sheet",
    "SheetLine",
    "SheetPerson",
    "SheetPresence",
    "Survey",
    "SurveyAnswer",
    "SurveyCard",
    "Title",
]
