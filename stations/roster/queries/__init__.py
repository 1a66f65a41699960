"""Reads of the roster room; the names other rooms use stand here."""

from .printed import PrintedRow, printed_rows
from .quality import Quality, facts_for_quality
from .tally import RosterSummary, summary

__all__ = ["PrintedRow", "Quality", "RosterSummary", "facts_for_quality", "printed_rows", "summary"]
