"""The recount of 100 000 workers with six insured months each, beside one bare query that adds up the same tables."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from stations.roster.models import InsuranceExtract, RosterList
from stations.roster.services import committing, reading
from stations.roster.services.recount import recount_list

from . import rosters
from .measure import Report, interleaved, machine, median, rounds_of, seconds, time_text

WORKERS = 100_000
BARE = """
    SELECT d.status, e.in_district, p.sex, count(*), sum(m.months), min(d.entry_on), max(p.birth)
      FROM stations_delivery d
      JOIN stations_person p ON p.id = d.person_id
      JOIN stations_employer e ON e.id = d.employer_id
      LEFT JOIN (SELECT person_id, count(*) AS months FROM stations_insuredmonth GROUP BY person_id) m
        ON m.person_id = d.person_id
     WHERE d.roster_list_id = %s
     GROUP BY 1, 2, 3
"""


def imported(workers: int, roster_list: RosterList, by: User, *, first: int = 0) -> None:
    """That many workers on the list, through the portal's own import."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "roster.xlsx"
        rosters.write_file(path, workers, titled=True, first=first)
        data = path.read_bytes()
    batch = reading.upload(roster_list=roster_list, file=SimpleUploadedFile("名册.xlsx", data), by=by)
    batch = reading.read(batch_id=batch.pk)
    done = committing.commit(batch=batch, by=by, default_form="DIRECT", consented=True)
    if done.added != workers:
        raise SystemExit(f"only {done.added} of {workers} rows came in: {batch.state} {batch.problem}")


def insured(roster_list: RosterList) -> None:
    """Six months of insurance for everybody on the list but one in ten, paid by the employer of the row."""
    by = User.objects.filter(role=Role.SYSTEM).first()
    extract = InsuranceExtract.objects.create(
        roster_list=roster_list, source="示例社保查询", month_from=202101, month_to=202106, by=by
    )
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(
            "INSERT INTO stations_insuredmonth (extract_id, person_id, month, kind, place, payer_code, status)"
            " SELECT %s, d.person_id, month, '企业职工基本养老保险', '330703', e.credit_code, '实缴'"
            "   FROM stations_delivery d JOIN stations_employer e ON e.id = d.employer_id,"
            "        generate_series(202101, 202106) AS month"
            "  WHERE d.roster_list_id = %s AND d.seq %% 10 > 0",
            [extract.pk, roster_list.pk],
        )
        cursor.execute("ANALYZE")


def forget(roster_list: RosterList) -> None:
    """Takes every row back to uncounted, so that the next count writes them all."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE stations_delivery SET status = 'PENDING', codes = '{}', flags = '{}', qualified_on = NULL,"
            " counted_at = NULL WHERE roster_list_id = %s",
            [roster_list.pk],
        )
        cursor.execute("VACUUM ANALYZE stations_delivery")


def bare(roster_list: RosterList) -> None:
    with connection.cursor() as cursor:
        cursor.execute(BARE, [roster_list.pk])
        cursor.fetchall()


def run(*, quick: bool) -> Report:
    """Medians of 7 (quick: 3) interleaved rounds each, in one process."""
    user = rosters.operator()
    roster_list = rosters.empty_list(user)
    imported(WORKERS, roster_list, user)
    insured(roster_list)

    def first() -> float:
        forget(roster_list)
        return seconds(lambda: recount_list(roster_list=roster_list))

    found = interleaved(
        {
            "first": first,
            "again": lambda: seconds(lambda: recount_list(roster_list=roster_list)),
            "bare": lambda: seconds(lambda: bare(roster_list)),
        },
        3 if quick else 7,
    )
    roster_list.refresh_from_db()
    report = Report(f"Recount of {WORKERS:,} workers", ("what", "time", "times the bare query"))
    names = {
        "first": "recount, every row changes",
        "again": "recount, nothing changes",
        "bare": "one bare aggregate over the same tables",
    }
    for name, words in names.items():
        report.add(words, time_text(found[name]), f"{rounds_of(found, name, 'bare'):.1f} ×" if name != "bare" else "")
    report.notes.append(
        f"{roster_list.counted:,} of {roster_list.rows:,} counted; {WORKERS / median(found['first']):,.0f} workers a"
        " second.  "
    )
    report.notes.append(machine("django", "psycopg"))
    return report
