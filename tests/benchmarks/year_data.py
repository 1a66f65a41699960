"""285 stations with their people: rows by COPY and INSERT … SELECT, every number encrypted and hashed as always.

Nothing is left out of a row, and most people count: each person has a real check digit, a ciphertext of his own and the
keyed hash by which he is found. What the portal itself would not write in bulk (checks, contracts, certificates) goes
in by one statement a kind. One delivery in 500 is of a person whom another station registered as well.
"""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from django.db import connection, transaction
from django.db.utils import DatabaseError

from jinhua_labor.accounts.enums import OrganisationKind, Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.core.clock import today
from jinhua_labor.core.crypto import blind_index_many, key_ring
from jinhua_labor.core.idnumber import check_digit
from jinhua_labor.documents.models import IssuedDocument
from jinhua_labor.policy.periods import add_months, add_to_month, last_day, month_of
from stations.registry.models import Employer, Station
from stations.roster.models import ID_CONTEXT, ID_PURPOSE, InsuranceExtract, RosterList
from stations.roster.services.bulk import copy_lines
from tests.factories import credit_code

MONTHS = 7  # of insurance a delivery
OLD = 35  # months since the stations were established: the third year runs, almost over
EMPLOYERS = 400
TWICE, SHIFT = 500, 5003  # every so many a person of another station, so many rows before
_FROM = {
    "52": "贵州省", "53": "云南省", "36": "江西省", "34": "安徽省",
    "41": "河南省", "42": "湖北省", "50": "重庆市", "51": "四川省",
}  # fmt: skip
_BORN, _DAYS = dt.date(1980, 1, 1), 7000  # of working age in every year
_CHUNK = 50_000
_chance = random.Random(2021)


class Filled(NamedTuple):
    """A station and where its rows lie among all rows of the run."""

    station: Station
    first: int
    rows: int


def number_of(at: int) -> str:
    """The identity number of person `at`, of an area that does not exist; all different below eight million."""
    province, turn = list(_FROM)[at % 8], at // 8
    born = _BORN + dt.timedelta(days=turn % _DAYS)
    head = f"{province}9999{born:%Y%m%d}{turn // _DAYS + 100:03d}"
    return head + check_digit(head)


def owner_of(at: int, shift: int) -> int:
    """Which person row `at` delivers."""
    return at - shift if at % TWICE == TWICE - 1 and at >= shift else at


def employers(by: User) -> None:
    """The employers everybody is delivered to."""
    Employer.objects.bulk_create(
        Employer(credit_code=credit_code(40_000 + at), name=f"示例{at}机械制造有限公司", created_by=by)
        for at in range(EMPLOYERS)
    )
    _run(
        "CREATE TABLE bench_employer AS SELECT row_number() OVER (ORDER BY credit_code) - 1 AS n, id, credit_code"
        " FROM stations_employer"
    )


def stations(sizes: list[int], *, first: int, row: int, document: IssuedDocument) -> list[Filled]:
    """So many stations, each of an operator of its own, and their empty running lists."""
    since = add_months(today(), -OLD)
    units = Organisation.objects.bulk_create(
        Organisation(
            name=f"示例{at}人力资源有限公司", kind=OrganisationKind.OPERATOR, credit_code=credit_code(20_000 + at)
        )
        for at in range(first, first + len(sizes))
    )
    User.objects.bulk_create(
        User(username=f"bench_{at}", name="测试甲", role=Role.OPERATOR, organisation=unit, password="!")
        for at, unit in enumerate(units, first)
    )
    made = Station.objects.bulk_create(
        Station(
            number=f"JD-2021-{at:05d}", name=f"金东区驻贵州省示例{at}县劳务协作工作站", operator=unit,
            area_province="52", area_city="示例州", area_county=f"示例{at}县", area_key=f"52|示例州|示例{at}县",
            address="示例路1号", partner_name="示例县劳务合作社", term_from=since, term_to=add_months(since, 60),
            filing_no=f"BA{at}", document=document, established_on=since,
        )
        for at, unit in enumerate(units, first)
    )  # fmt: skip
    RosterList.objects.bulk_create(RosterList(operator=one.operator, station=one) for one in made)
    found = []
    for station, size in zip(made, sizes, strict=True):
        found.append(Filled(station, row, size))
        row += size
    return found


def people(first: int, number: int, shift: int) -> None:
    """Persons of the rows, through the portal's own encryption and hashes; `bench_person` numbers them."""
    _run("CREATE TABLE IF NOT EXISTS bench_person (n int PRIMARY KEY, person uuid NOT NULL)")
    own = [at for at in range(first, first + number) if owner_of(at, shift) == at]
    checked, created = month_of(add_months(today(), -1)), add_months(today(), -OLD)
    for start in range(0, len(own), _CHUNK):
        part = own[start : start + _CHUNK]
        numbers = [number_of(at) for at in part]
        sealed = key_ring().encrypt_many(numbers, ID_CONTEXT)
        hashed = blind_index_many(ID_PURPOSE, numbers)
        keys = [str(uuid.UUID(int=_chance.getrandbits(128), version=4)) for _ in part]
        copy_lines(
            "stations_person",
            ("id", "id_number", "id_index", "last4", "id_province", "sex", "birth", "si_checked_to", "created_at"),
            (
                f"{key}\t\\\\x{cipher.hex()}\t\\\\x{index.hex()}\t{text[-4:]}\t{text[:2]}\t"
                f"{'M' if int(text[16]) % 2 else 'F'}\t{text[6:10]}-{text[10:12]}-{text[12:14]}\t{checked}\t{created}"
                for key, cipher, index, text in zip(keys, sealed, hashed, numbers, strict=True)
            ),
        )
        copy_lines("bench_person", ("n", "person"), (f"{at}\t{key}" for at, key in zip(part, keys, strict=True)))


def deliveries(filled: list[Filled], shift: int, *, this_year: bool = False) -> None:
    """The rows of these stations, entries spread over their three years, or over the running one."""
    since = add_months(today(), -OLD)
    start = add_months(since, 24) if this_year else since
    _run("CREATE TABLE IF NOT EXISTS bench_station (station uuid, operator uuid, list uuid, first int, rows int)")
    _run("TRUNCATE bench_station")
    copy_lines(
        "bench_station",
        ("station", "operator", "list", "first", "rows"),
        (
            f"{one.station.pk}\t{one.station.operator_id}\t{one.station.roster.pk}\t{one.first}\t{one.rows}"
            for one in filled
        ),
    )
    _run(
        "INSERT INTO stations_delivery (id, operator_id, person_id, employer_id, entry_on, roster_list_id, station_id,"
        " seq, name, hukou_text, hukou_province, employment_form, contract_employer_code, post, education, skill,"
        " certificate_no, consent_version, consent_at, created_at, status, codes, flags)"
        " SELECT gen_random_uuid(), s.operator, p.person, e.id, day, s.list, s.station, i - s.first + 1,"
        " '测试' || chr(19968 + i %% 2000), (%s::text[])[p.n %% 8 + 1] || '示例州示例县',"
        " (%s::text[])[p.n %% 8 + 1], 'DIRECT', '', '普工', '高中', '', '', '1',"
        " day, day + 1, 'PENDING', '{}', '{}'"
        " FROM bench_station s, generate_series(s.first, s.first + s.rows - 1) AS i"
        " JOIN bench_person p ON p.n = CASE WHEN i %% %s = %s AND i >= %s THEN i - %s ELSE i END"
        " JOIN bench_employer e ON e.n = i %% %s,"
        " LATERAL (SELECT %s::date + (i::bigint * 7919 %% %s)::int AS day) entry",
        [
            list(_FROM.values()),
            list(_FROM),
            TWICE,
            TWICE - 1,
            shift,
            shift,
            EMPLOYERS,
            start,
            (today() - start).days,
        ],
    )
    _run(
        "UPDATE stations_rosterlist l SET rows = s.rows, persons = s.rows, pending = s.rows"
        " FROM bench_station s WHERE l.id = s.list"
    )


def quarters() -> Iterator[tuple[int, int]]:
    """The quarters the district asked the insurance for, as (month from, month to)."""
    end = month_of(add_months(today(), -1))
    month = month_of(add_months(today(), -OLD - MONTHS - 1))
    while month <= end:
        yield month, min(end, add_to_month(month, 2))
        month = add_to_month(month, 3)


def extracts(by: User) -> None:
    """What the centre brought in every quarter for the whole district."""
    for first, last in quarters():
        found = InsuranceExtract.objects.create(
            district=True, source="示例社保查询", month_from=first, month_to=last, by=by
        )
        at = last_day(last) + dt.timedelta(days=1)
        InsuranceExtract.objects.filter(pk=found.pk).update(at=dt.datetime.combine(at, dt.time(), dt.UTC))


def insured(filled: list[Filled]) -> None:
    """Seven months for each delivery, from its entry on or the seven before today, each in the extract that covers it;
    for one in ten by a payer nobody knows."""
    latest = add_months(today().replace(day=1), -MONTHS)
    of_stations = [one.station.pk for one in filled]
    for first, last in quarters():
        _run(
            "INSERT INTO stations_insuredmonth (extract_id, person_id, month, kind, place, payer_code, status)"
            " SELECT x.id, d.person_id, to_char(m, 'YYYYMM')::int, '企业职工基本养老保险', '330703',"
            " CASE WHEN d.seq %% 10 = 0 THEN reverse(e.credit_code) ELSE e.credit_code END, '实缴'"
            " FROM stations_delivery d JOIN stations_employer e ON e.id = d.employer_id"
            " JOIN stations_insuranceextract x ON x.month_from = %s AND x.district,"
            " LATERAL (SELECT least(date_trunc('month', d.entry_on), %s::timestamp) AS since) s,"
            " LATERAL generate_series(greatest(s.since, %s::timestamp), least(s.since + %s::interval, %s::timestamp),"
            " interval '1 month') AS m"
            " WHERE d.station_id = ANY(%s) ORDER BY d.person_id",
            [first, latest, _day(first), f"{MONTHS - 1} months", _day(last), of_stations],
        )


def _day(month: int) -> dt.date:
    return dt.date(month // 100, month % 100, 1)


def papers(filled: list[Filled], by: User) -> None:
    """A contract on paper for every second delivery, a certificate for one in twenty."""
    of_stations = [one.station.pk for one in filled]
    _run(
        "INSERT INTO stations_contract (id, delivery_id, signed_on, starts_on, ends_on, kind, paper_reference,"
        " added_by_id, added_at, void_reason)"
        " SELECT gen_random_uuid(), id, entry_on + seq %% 60, entry_on, entry_on + 730, 'FIXED', '第3册',"
        " %s, entry_on + 60, '' FROM stations_delivery WHERE station_id = ANY(%s) AND seq %% 2 = 0",
        [by.pk, of_stations],
    )
    _run(
        "INSERT INTO stations_skillcertificate (id, delivery_id, kind, level, number, result, checked_by_id,"
        " checked_on, check_note, added_by_id, added_at, void_reason)"
        " SELECT gen_random_uuid(), id, 'SKILL', '4', 'T' || seq,"
        " CASE WHEN seq %% 200 = 1 THEN 'PENDING' ELSE 'VERIFIED' END,"
        " CASE WHEN seq %% 200 <> 1 THEN %s::uuid END, CASE WHEN seq %% 200 <> 1 THEN entry_on + 90 END, '',"
        " %s, entry_on + 60, '' FROM stations_delivery WHERE station_id = ANY(%s) AND seq %% 20 = 1",
        [by.pk, by.pk, of_stations],
    )


def answered(by: User) -> None:
    """Nine of ten open checks answered, as stations do month by month."""
    _run(
        "UPDATE stations_retentioncheck r SET result = 'RETAINED', source = 'STATION', locked = true,"
        " checked_by_id = %s, checked_at = now(), employer_on_check_id = d.employer_id"
        " FROM stations_delivery d WHERE d.id = r.delivery_id AND r.result = '' AND d.seq %% 10 <> 3",
        [by.pk],
    )


def settled() -> None:
    """Statistics and visibility as autovacuum leaves them."""
    _run("VACUUM ANALYZE")


def load(filled: list[Filled], shift: int, by: User, *, this_year: bool = False) -> None:
    """Persons, deliveries, insured months, papers of these stations."""
    first, rows = filled[0].first, sum(one.rows for one in filled)
    with transaction.atomic():
        _run("SET LOCAL synchronous_commit = off; SET LOCAL work_mem = '256MB'")
        with suppress(DatabaseError), transaction.atomic():  # a superuser's: foreign keys of seven million rows
            _run("SET LOCAL session_replication_role = replica")
        people(first, rows, shift)
        _run("ANALYZE bench_person")
        deliveries(filled, shift, this_year=this_year)
        _run("ANALYZE stations_delivery")
        insured(filled)
        papers(filled, by)
    settled()


def _run(sql: str, params: list[object] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
