"""One export of a station's year in a process of its own:
`python -m tests.benchmarks.year_contender who station year kind user`.

Prints a JSON object: seconds, rows, and for the portal how many different states of its
progress another connection saw.
"""

from __future__ import annotations

import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable

import django

django.setup()

from django.db import connection, connections  # noqa: E402  Django is set up first

from jinhua_labor.jobs.models import Job, JobState  # noqa: E402
from stations.registry.models import Station  # noqa: E402
from stations.roster import tasks  # noqa: E402
from stations.roster.queries import year  # noqa: E402

_FIELDS = {
    "annex2": ("name", "person__id_number", "hukou_text", "employer__name", "entry_on"),
    "working": (
        "name", "person__id_number", "hukou_text", "employer__name", "employer__credit_code", "entry_on",
        "employment_form", "post", "education", "skill", "certificate_no", "leave_on", "leave_reason", "status",
        "qualified_on",
    ),
}  # fmt: skip
_EVERY = 0.05  # seconds between two looks at the job


def portal(station: str, number: int, kind: str, user: str) -> dict[str, float]:
    """The job as the worker runs it: rows, workbook, journal, the kept file; its progress watched by another."""
    from jinhua_labor.accounts.models import User
    from jinhua_labor.jobs.services import start

    args = {
        "station": station, "number": number, "kind": kind, "purpose": "测量", "by": user,
        "filters": year.YearFilters().as_dict(),
    }  # fmt: skip
    job = start(kind="roster.export", title="导出", by=User.objects.get(pk=user), task=tasks.export_year, args=args)
    seen: set[int] = set()
    over = threading.Event()

    def watch() -> None:
        while not over.wait(_EVERY):
            seen.add(Job.objects.values_list("done", flat=True).get(pk=job.pk))
        connections.close_all()

    watching = threading.Thread(target=watch)
    watching.start()
    begun = time.perf_counter()
    tasks.export_year(job_id=str(job.pk), **args)
    seconds = time.perf_counter() - begun
    over.set()
    watching.join()
    job.refresh_from_db()
    if job.state != JobState.DONE or job.result is None:
        raise SystemExit(f"the export ended {job.state}: {job.message}")
    return {"seconds": seconds, "rows": job.total, "seen": len(seen - {0, job.total}), "size": job.result.size}


def bare(station: str, number: int, kind: str, user: str) -> dict[str, float]:
    """openpyxl writes the values of the same rows, numbers opened, as they come; a file in the end."""
    import openpyxl

    found = Station.objects.get(pk=station)
    period = next(one for one in year.years_of(found) if one.number == number)
    rows = year.filtered(found, period, year.YearFilters())
    written = 0
    begun = time.perf_counter()
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows.values_list(*_FIELDS[kind]).iterator(chunk_size=2000):
        sheet.append(row)
        written += 1
    with tempfile.TemporaryFile() as out:
        book.save(out)
        size = out.tell()
    return {"seconds": time.perf_counter() - begun, "rows": written, "size": size}


WHO: dict[str, Callable[[str, int, str, str], dict[str, float]]] = {"portal": portal, "bare": bare}

if __name__ == "__main__":
    who, of, in_year, what, asker = sys.argv[1:]
    with connection.cursor() as opened:
        opened.execute("SET statement_timeout = 0")
    print(json.dumps(WHO[who](of, int(in_year), what, asker)))
