"""The rooms' models in one place: one app, one migration history."""

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

__all__ = [
    "Assessment",
    "LineAnswer",
    "LineEvidence",
    "SelfEvidence",
    "Sheet",
    "SheetLine",
    "SheetPerson",
    "SheetPresence",
]
