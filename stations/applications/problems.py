"""What a check finds: the one shape in which every rule of an application tells what is wrong."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """UNMET: the condition is not met. MISSING: something still has to be handed in. WARN: worth a look."""

    UNMET = "UNMET"
    MISSING = "MISSING"
    WARN = "WARN"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: where it is mended, what to do in Chinese, and the clause behind it."""

    level: Level
    target: str
    message: str
    clause: str


def blocking(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The findings that stand in the way; warnings do not."""
    return tuple(problem for problem in problems if problem.level is not Level.WARN)
