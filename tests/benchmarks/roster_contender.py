"""One import of one file in a process of its own: `python -m tests.benchmarks.roster_contender who rows file`.

Prints a JSON object: seconds, and for the portal its parts. What came in is counted before it counts.
"""

from __future__ import annotations

import io
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import django

django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402  Django is set up first
from django.db import connection, transaction  # noqa: E402

from . import peers  # noqa: E402


def portal(path: Path, rows: int) -> dict[str, float]:
    """Upload, preflight, reading in the limited child, all checks, encryption, staging, merge into person and delivery;
    then the first count of the list, told apart."""
    from stations.roster.services import committing, reading
    from stations.roster.services.recount import recount_list

    from . import rosters

    user = rosters.operator()
    roster_list = rosters.empty_list(user)
    data = path.read_bytes()
    start = time.perf_counter()
    batch = reading.upload(roster_list=roster_list, file=SimpleUploadedFile("名册.xlsx", data), by=user)
    uploaded = time.perf_counter()
    batch = reading.read(batch_id=batch.pk)
    read = time.perf_counter()
    done = committing.commit(batch=batch, by=user, default_form="DIRECT", consented=True)
    committed = time.perf_counter()
    recount_list(roster_list=roster_list)
    counted = time.perf_counter()
    if done.added != rows:
        raise SystemExit(f"only {done.added} of {rows} rows came in: {batch.state} {batch.problem}")
    return {
        "seconds": committed - start, "upload": uploaded - start, "read": read - uploaded, "commit": committed - read,
        "count": counted - committed,
    }  # fmt: skip


def floor(path: Path, rows: int) -> dict[str, float]:
    """calamine reads the sheet, COPY writes its cells as they are into an unlogged table without any index."""
    from python_calamine import CalamineWorkbook

    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_floor")
        cursor.execute("CREATE UNLOGGED TABLE bench_floor (a text, b text, c text, d text, e text, f text)")
    data = path.read_bytes()
    start = time.perf_counter()
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    with transaction.atomic(), connection.cursor() as cursor, cursor.copy("COPY bench_floor FROM STDIN") as copy:
        for row in sheet.iter_rows():
            copy.write_row(row)
    seconds = time.perf_counter() - start
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM bench_floor")
        if cursor.fetchone()[0] < rows:
            raise SystemExit("rows are missing")
    return {"seconds": seconds}


WHO: dict[str, Callable[[Path, int], dict[str, float]]] = {
    "portal": portal,
    "floor": floor,
    "defaults": peers.defaults,
    "bulk": peers.bulk,
    "flat_defaults": peers.flat_defaults,
    "flat_bulk": peers.flat_bulk,
}

if __name__ == "__main__":
    who, count, file = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    # A statement of an import may take longer than a page's.
    with connection.cursor() as opened:
        opened.execute("SET statement_timeout = 0")
    print(json.dumps(WHO[who](file, count)))
