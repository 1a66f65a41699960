"""Timing side by side, and saying what was measured on what.

The machine may be shared, so every contender runs once a round, in an order that turns, and medians are compared.
"""

from __future__ import annotations

import gc
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def interleaved(contenders: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """What each contender returned in each round (seconds or a rate); the order turns by one each round."""
    names = list(contenders)
    found: dict[str, list[float]] = {name: [] for name in names}
    for round_no in range(rounds):
        turn = round_no % len(names)
        for name in names[turn:] + names[:turn]:
            found[name].append(contenders[name]())
    return found


def seconds(work: Callable[[], Any]) -> float:
    """How long a call takes by the clock on the wall."""
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def child(module: str, *words: object, **environment: str) -> dict[str, Any]:
    """The JSON object that `python -m module words…` prints as its last line, from a fresh process."""
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, words)],
        cwd=ROOT, env=os.environ | environment, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return dict(json.loads(done.stdout.splitlines()[-1]))


def peak_mb() -> float:
    """Most memory this process and, on top, its largest child held at any time so far, in MB (2^20)."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(resource.getrusage(kind).ru_maxrss for kind in kinds) / 1024


@dataclass
class Report:
    """A table of Markdown, line by line; `missed` collects what lies beyond its reach."""

    title: str
    heads: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def add(self, what: str, *cells: str, reach: str = "", met: bool | None = None) -> None:
        """A line; `met` None where nothing was asked for."""
        verdict = "" if met is None else (" ✓" if met else " ✗")
        self.rows.append([what, *cells, reach + verdict])
        if met is False:
            self.missed.append(what)

    def text(self) -> str:
        heads = [*self.heads, "reach"]
        lines = [f"### {self.title}", "", f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
        lines += [f"| {' | '.join(row)} |" for row in self.rows]
        return "\n".join([*lines, "", *self.notes, ""])


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def time_text(values: Sequence[float]) -> str:
    """Median, and fastest to slowest, in the unit that reads best."""
    middle, low, high = median(values), min(values), max(values)
    unit, factor = ("s", 1) if middle >= 1 else ("ms", 1000)
    digits = 2 if unit == "s" else 0
    return f"{middle * factor:.{digits}f} {unit} ({low * factor:.{digits}f}–{high * factor:.{digits}f})"


def rounds_of(found: Mapping[str, Sequence[float]], one: str, other: str) -> float:
    """Median of one divided by median of the other."""
    return median(found[one]) / median(found[other])


def machine(*packages: str) -> str:
    """One line about the machine and the versions that matter."""
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.machine(),
    )
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} × {model}, load {load:.1f} at the end, Python {platform.python_version()}"
        f"{', ' if versions else ''}{versions}."
    )
