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
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
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


def child(module: str, *arguments: object) -> dict[str, Any]:
    """The JSON object that `python -m module arguments…` prints as its last line, from a fresh process.

    `peak_mb` is added: the most memory it and its own children held together (resident, MB of 2^20, looked at every
    10 ms). `ru_maxrss` would not do: a child inherits its parent's.
    """
    words = (sys.executable, "-m", module, *map(str, arguments))
    started = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    peak = 0
    while started.poll() is None:
        peak = max(peak, sum(map(_resident, _family(started.pid, _command(os.getpid())))))
        time.sleep(0.01)
    printed = started.stdout.read() if started.stdout else ""
    if started.returncode:
        raise SystemExit(f"{' '.join(words)}: exit {started.returncode}")
    return {**json.loads(printed.splitlines()[-1]), "peak_mb": peak * resource.getpagesize() / 2**20}


def _command(pid: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def _family(pid: int, parent: bytes) -> Iterator[int]:
    """A process and those below it, but for one that has not begun its own program yet (it shares pages)."""
    own = _command(pid)
    if own == parent:
        return
    yield pid
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for one in (task / "children").read_text().split():
                yield from _family(int(one), own)


def _resident(pid: int) -> int:
    with suppress(OSError, IndexError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return 0  # it has just ended


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


def percentile(values: Sequence[float], share: int) -> float:
    """The value that `share` of a hundred do not exceed."""
    return statistics.quantiles(values, n=100, method="inclusive")[share - 1]


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
