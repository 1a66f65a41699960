"""A roster from upload to committed, beside django-import-export and beside reading the sheet and COPYing it bare.

Each import runs in a fresh process, on tables emptied before; the peers get the same rows below a plain header.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.db import connection

from . import rosters
from .measure import Report, child, interleaved, machine, median, rounds_of, time_text
from .models import PeerWorker

NAMES = {
    "portal": "portal, upload to committed",
    "floor": "floor: calamine + bare COPY",
    "defaults": "django-import-export, same tables, defaults",
    "bulk": "django-import-export, same tables, bulk mode",
    "flat_defaults": "django-import-export, one flat clear table, defaults",
    "flat_bulk": "django-import-export, one flat clear table, bulk mode",
}
# Rows → contender → rounds. With the defaults 100 000 rows take minutes into one table, half an hour into the portal's.
ROUNDS = {
    10_000: {"portal": 9, "floor": 9, "bulk": 5, "flat_bulk": 5, "defaults": 2, "flat_defaults": 3},
    100_000: {"portal": 5, "floor": 5, "bulk": 1, "flat_bulk": 3, "flat_defaults": 1},
}
QUICK = {10_000: {"portal": 3, "floor": 3, "bulk": 2, "flat_bulk": 2, "defaults": 1}}


def run(*, quick: bool) -> Report:
    """Times and peaks at 10 000 and 100 000 rows (quick: 10 000, fewer rounds)."""
    report = Report("Roster import", ("rows", "how", "time", "portal is", "peak memory"))
    with connection.schema_editor() as editor:
        editor.create_model(PeerWorker)
    rosters.operator()
    connection.close()
    with tempfile.TemporaryDirectory() as folder:
        for rows, rounds in (QUICK if quick else ROUNDS).items():
            titled, plain = Path(folder) / f"titled-{rows}.xlsx", Path(folder) / f"plain-{rows}.xlsx"
            rosters.write_file(titled, rows, titled=True)
            rosters.write_file(plain, rows, titled=False)
            _measure(report, rows, rounds, {"portal": titled, "floor": titled}, plain)
    report.notes.append(machine("django-import-export", "tablib", "python-calamine", "psycopg", "django"))
    return report


def _measure(report: Report, rows: int, rounds: dict[str, int], files: dict[str, Path], plain: Path) -> None:
    results: dict[str, list[dict[str, Any]]] = {who: [] for who in rounds}

    def once(who: str) -> float:
        if len(results[who]) < rounds[who]:
            results[who].append(child("tests.benchmarks.roster_contender", who, rows, files.get(who, plain)))
        return float(results[who][-1]["seconds"])

    interleaved({who: lambda who=who: once(who) for who in rounds}, max(rounds.values()))  # type: ignore[misc]
    found = {who: [float(result["seconds"]) for result in results[who]] for who in rounds}
    for who in rounds:
        peak = max(float(result["peak_mb"]) for result in results[who])
        ratio = rounds_of(found, who, "portal")
        reach, met = "", None
        if who == "defaults" and rows == 10_000:
            reach, met = "≥ 40 ×", ratio >= 40
        elif who == "bulk" and rows == 10_000:
            reach, met = "≥ 5 ×", ratio >= 5
        elif who == "floor" and rows == 100_000:
            reach, met = "≤ 4 × the floor", 1 / ratio <= 4
        elif who == "portal" and rows == 100_000:
            reach, met = "≤ 400 MB", peak <= 400
        told = "" if who == "portal" else f"{1 / ratio:.1f} × the time" if ratio < 1 else f"{ratio:.1f} × as fast"
        report.add(f"{rows:,}", NAMES[who], time_text(found[who]), told, f"{peak:.0f} MB", reach=reach, met=met)
    parts = {
        part: median([result[part] for result in results["portal"]]) for part in ("upload", "read", "commit", "count")
    }
    report.notes.append(
        f"{rows:,} rows: upload {parts['upload']:.2f} s, read and stage {parts['read']:.2f} s, commit"
        f" {parts['commit']:.2f} s; the first count afterwards {parts['count']:.2f} s.  "
    )
