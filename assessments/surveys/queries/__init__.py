"""Reads of the satisfaction surveys."""

from .population import Population, population
from .surveys import (
    CLOSED,
    OPEN,
    Findings,
    Owed,
    Progress,
    SurveyFilters,
    by_code,
    fact_of,
    facts_of,
    findings,
    of_year,
    owed,
    progress_of,
    surveys,
    year_of,
)

__all__ = [
    "CLOSED",
    "OPEN",
    "Findings",
    "Owed",
    "Population",
    "Progress",
    "SurveyFilters",
    "by_code",
    "fact_of",
    "facts_of",
    "findings",
    "of_year",
    "owed",
    "population",
    "progress_of",
    "surveys",
    "year_of",
]
