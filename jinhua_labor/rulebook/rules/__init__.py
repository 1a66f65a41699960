"""Recorded rows laid over the notice, and which version follows from them on a day (R-48, R-49): pure functions."""

from .book import Book, Slice, make_book
from .differing import Change, differences, touches_counting
from .laying import beyond, extended, merged, overlay, successor, with_part
from .records import Raw, Record

__all__ = [
    "Book",
    "Change",
    "Raw",
    "Record",
    "Slice",
    "beyond",
    "differences",
    "extended",
    "make_book",
    "merged",
    "overlay",
    "successor",
    "touches_counting",
    "with_part",
]
