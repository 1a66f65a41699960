"""Pages with 100 000 workers behind them, beside a bare view behind the same middleware and the same session.

One gunicorn worker with four threads, four connections kept open from another process on the same machine; requests of
all pages take turns. The number of queries is counted for a small portal first and for the full one then.
"""

from __future__ import annotations

import datetime as dt
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from jinhua_labor.accounts.enums import OrganisationKind, Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.attachments.services import store
from jinhua_labor.core.clock import today
from jinhua_labor.documents.models import DocumentKind, IssuedDocument
from jinhua_labor.review.models import Review
from jinhua_labor.review.states import Kind, State
from stations.applications.models import Application
from stations.registry.models import Station
from stations.roster.models import RosterList
from stations.roster.services.recount import recount_list
from tests.factories import credit_code, png
from tests.factories import user as a_user
from tests.stations.applications import build

from . import rosters
from .asking import Ask, queries
from .measure import ROOT, Report, child, interleaved, machine, median
from .recount import imported, insured

WORKERS = 100_000
ORDINARY = 2_000  # workers of one file: a large station has a few thousand
FILES = 30, 330  # first and then
REACH = 0.4
_DAY = dt.date(2021, 4, 12)


def handed_in(operator: User, workers: int, *, first: int) -> Application:
    """An application of the operator with that many workers on its list, waiting for 初审."""
    application = build.filled(operator, workers=0)
    imported(workers, application.roster_list, operator, first=first)
    insured(application.roster_list)
    recount_list(roster_list=application.roster_list)
    build.hand_in(application, operator)
    return build.again(application)


def more(first: int, number: int, clerk: User) -> None:
    """So many other operators, each with an application waiting for 初审 and an established station."""
    units = Organisation.objects.bulk_create(
        Organisation(
            name=f"示例{at}人力资源有限公司", kind=OrganisationKind.OPERATOR, credit_code=credit_code(20_000 + at)
        )
        for at in range(first, first + number)
    )
    lists = RosterList.objects.bulk_create(RosterList(operator=unit) for unit in units)
    applicant = User.objects.get(username="bench_operator")
    reviews, applications = [], []
    for at, (unit, roster_list) in enumerate(zip(units, lists, strict=True), first):
        application = Application(operator=unit, roster_list=roster_list, area_province="52", area_city="示例州")
        review = Review(
            kind=Kind.APPLICATION, number=f"JD-SL-2021-{at:05d}", title=f"{unit.name}设立申请", organisation=unit,
            url_name="applications:file", object_id=application.pk, state=State.SUBMITTED, open_key=f"bench {at}",
            created_by=applicant, submitted_by=applicant, submitted_at=timezone.now(),
            first_submitted_at=timezone.now(), due_on=today() + dt.timedelta(days=at % 30), clock_from=_DAY,
        )  # fmt: skip
        application.review = review
        reviews.append(review)
        applications.append(application)
    Review.objects.bulk_create(reviews)
    Application.objects.bulk_create(applications)
    document = issued(first, clerk)
    Station.objects.bulk_create(
        Station(
            number=f"JD-2021-{at:05d}", name=f"金东区驻贵州省示例{at}县劳务协作工作站", operator=unit,
            area_province="52", area_city="示例州", area_county=f"示例{at}县", area_key=f"52|示例州|示例{at}县",
            address="示例路1号", partner_name="示例县劳务合作社", term_from=_DAY, term_to=dt.date(2023, 12, 31),
            filing_no=f"BA{at}",
            document=document, established_on=_DAY,
        )
        for at, unit in enumerate(units, first)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def issued(number: int, clerk: User) -> IssuedDocument:
    """A 设立文件 for the stations to rest on."""
    assert clerk.organisation is not None
    file = store(png(), by=clerk, organisation=clerk.organisation, audience=Audience.PARTY_AND_OFFICE)
    return IssuedDocument.objects.create(
        kind=DocumentKind.ESTABLISHMENT, doc_no=f"金东人社〔2021〕{number + 1}号", title="关于设立工作站的通知",
        issued_on=_DAY, created_by=clerk, content_sha256="0" * 64, signed_file=file, signed_sha256="0" * 64,
        signed_sm3="0" * 64,
    )  # fmt: skip


@contextmanager
def served() -> Iterator[int]:
    """gunicorn with the portal on a free port of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    words = ("-b", f"127.0.0.1:{port}", "--workers", "1", "--worker-class", "gthread", "--threads", "4", "--preload")
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", *words, "--log-level", "warning", "jinhua_labor.wsgi"],
        cwd=ROOT, env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings"},
    )  # fmt: skip
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait(20)


def run(*, quick: bool) -> Report:
    """Requests a second, medians of 7 (quick: 3) rounds of 120 requests a page."""
    with tempfile.TemporaryDirectory() as folder:
        settings.STATIC_ROOT = os.environ["BENCH_STATIC"] = folder
        call_command("collectstatic", interactive=False, verbosity=0)
        return _run(quick=quick)


def _run(*, quick: bool) -> Report:
    clerk = a_user(Role.CENTRE, name="测试中心甲")
    operator, other = rosters.operator(), rosters.operator("bench_second", 9101)
    rosters.empty_list(operator)
    ordinary = handed_in(operator, ORDINARY, first=0).get_absolute_url()
    huge = handed_in(other, WORKERS - ORDINARY, first=ORDINARY).get_absolute_url()
    more(0, FILES[0], clerk)
    client = Client()
    client.force_login(clerk)
    addresses = {
        "bare view": "/bench/bare/",
        "inbox 待办": "/reviews/",
        "directory 名录": "/stations/directory/",
        f"file page of {ORDINARY:,} workers, 申请表": f"{ordinary}?tab=form",
        f"file page of {ORDINARY:,} workers, 名册": f"{ordinary}?tab=roster",
        f"file page of {WORKERS - ORDINARY:,} workers, 名册": f"{huge}?tab=roster",
    }
    few = {name: queries(client, Ask(address)) for name, address in addresses.items()}
    more(FILES[0], FILES[1] - FILES[0], clerk)
    many = {name: queries(client, Ask(address)) for name, address in addresses.items()}
    sizes = {name: len(client.get(address).content) for name, address in addresses.items()}
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    connection.close()
    with served() as port:
        rates = interleaved(
            {
                name: lambda address=address: float(
                    child("tests.benchmarks.load", port, address, cookie, 120)["rate"]
                )
                for name, address in addresses.items()
            },
            3 if quick else 7,
        )  # fmt: skip
    report = Report(
        f"Pages with {WORKERS:,} workers behind them",
        ("page", "requests a second", "of the bare view's", f"queries with {FILES[0]} / {FILES[1]} files", "size"),
    )
    for name in addresses:
        share = median(rates[name]) / median(rates["bare view"])
        grows = many[name] > few[name]
        bare, listing = name == "bare view", not name.startswith(("bare", "file"))
        report.add(
            name,
            f"{median(rates[name]):.0f} ({min(rates[name]):.0f}–{max(rates[name]):.0f})",
            "" if bare else f"{share:.2f}",
            f"{few[name]} / {many[name]}",
            f"{sizes[name] / 1000:.0f} kB",
            reach="" if bare else f"≥ {REACH}, constant" if listing else "constant",
            met=None if bare else not grows and (share >= REACH or not listing),
        )
    report.notes.append(machine("django", "gunicorn", "psycopg"))
    return report
