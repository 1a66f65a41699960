"""Refusals every room speaks: a rule said no, or somebody else was quicker."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818  # it is an answer, not a fault
    """A rule refuses the step; the message is Chinese and says what to do. Views show it; nothing was written.

    `problems` lists single reasons with the address of the page part where each is mended.
    """

    def __init__(self, message: str, *, problems: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.problems = problems


class Conflict(Refused):
    """The row has moved on since the page was shown; answered with 409 and both versions."""
