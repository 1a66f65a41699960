"""What PostgreSQL reads for one station among many: its own people along the indexes, whatever the statistics say."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection

from jinhua_labor.accounts.models import User
from jinhua_labor.core.clock import today
from stations.ledger.queries import facts_of
from stations.registry.models import Station
from stations.registry.queries.papers import period_of
from stations.roster.models import InsuranceExtract, SkillCertificate
from stations.roster.queries import facts
from stations.roster.queries.facts import Scope
from stations.roster.services.recount_station import recount_station
from tests.queries import queries

from .build_station import deliver, station_of

pytestmark = pytest.mark.django_db
STRANGERS = 3000
_MANY = """
    INSERT INTO stations_person (id, id_number, id_index, last4, id_province, sex, birth, created_at)
    SELECT gen_random_uuid(), '\\x01', sha256(n::text::bytea), '0000', '52', 'M', '1990-01-01', now()
      FROM generate_series(1, %(number)s) n;
    INSERT INTO stations_delivery (id, operator_id, person_id, employer_id, entry_on, station_id, seq, name, hukou_text,
                                   hukou_province, employment_form, contract_employer_code, post, education, skill,
                                   certificate_no, consent_version, consent_at, status, codes, flags)
    SELECT gen_random_uuid(), o.operator_id, p.id, o.employer_id, o.entry_on, %(station)s, 1, '测试', '', '52',
           'DIRECT', '', '', '', '', '', '1', now(), 'COUNTED', '{}', '{}'
      FROM stations_person p, stations_delivery o WHERE p.last4 = '0000' AND o.id = %(like)s;
    INSERT INTO stations_insuredmonth (extract_id, person_id, month, kind, place, payer_code, status)
    SELECT %(extract)s, id, 202103, '企业职工基本养老保险', '330703', '', '实缴'
      FROM stations_person WHERE last4 = '0000';
    INSERT INTO stations_contract (id, delivery_id, signed_on, starts_on, kind, paper_reference, added_by_id, added_at,
                                   void_reason)
    SELECT gen_random_uuid(), d.id, entry_on, entry_on, 'OPEN', '第1册', %(by)s, now(), ''
      FROM stations_delivery d WHERE d.station_id = %(station)s
"""


@pytest.fixture(params=["没有统计", "有统计", "按游标只取开头"])
def one(
    request: pytest.FixtureRequest, operator_user: User, stranger_operator: User, centre_clerk: User
) -> Callable[[], Station]:
    """A station of two people beside one of three thousand."""
    station, other = station_of(operator_user), station_of(stranger_operator)
    row = deliver(station, operator_user)
    deliver(station, operator_user, number=2)
    extract = InsuranceExtract.objects.create(
        district=True, source="示例社保查询", month_from=202101, month_to=202112, by=centre_clerk
    )
    values = {
        "number": STRANGERS, "station": other.pk, "like": row.pk, "extract": extract.pk, "by": centre_clerk.pk,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_MANY, values)
        if request.param != "没有统计":
            cursor.execute("ANALYZE stations_person, stations_delivery, stations_insuredmonth, stations_contract")
        if request.param == "按游标只取开头":
            cursor.execute("SET LOCAL cursor_tuple_fraction = 0.0001")
    return lambda: station


LARGE = ("stations_person", "stations_delivery", "stations_insuredmonth", "stations_contract")


def walked(sql: str, params: object = None) -> list[str]:
    """Where a query reads a large table from end to end, or the whole of an index of it."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}", params)
        lines = [line.strip() for (line,) in cursor.fetchall()]
    return [
        line
        for line, below in zip(lines, [*lines[1:], ""], strict=True)
        if any(f" on {name} " in line for name in LARGE)
        and ("Seq Scan" in line or ("Index" in line and "Bitmap" not in line and "Index Cond" not in below))
    ]


def test_核算一站的查询只读本站的人(one: Callable[[], Station]) -> None:
    scope = Scope.of_station(one().pk)
    parts = {"column": scope.column, "only": ""}
    check = {"check": "r.id::text, r.check_on, r.si_month_ok", "join": facts._CHECK}
    for number, sql in enumerate((facts._ROWS.format(**parts, **check), facts._MONTHS.format(**parts))):
        assert walked(f"DECLARE plan_{number} CURSOR FOR {sql}", [scope.pk]) == []
    assert walked(facts._ELSEWHERE.format(**parts), [scope.pk, scope.pk]) == []


def test_核算一站前后没有一句读遍全区(one: Callable[[], Station]) -> None:
    """Every other statement of the recount, as it was sent; what streams or writes is not explained again."""
    sent = queries(lambda: recount_station(station=one()))
    read = [sql for sql in sent if sql.lstrip().startswith("SELECT") and "stations_" in sql]
    assert read
    assert [found for sql in read for found in walked(sql)] == []


def test_台账只读所列工作站的合同(one: Callable[[], Station]) -> None:
    station = one()
    sent = queries(lambda: facts_of([(station, period_of(station, today()))], on=today()))
    assert [found for sql in sent for found in walked(sql)] == []


def test_证书从自己的输送查起(one: Callable[[], Station], bureau_official: User) -> None:
    sent = queries(lambda: SkillCertificate.objects.visible_to(bureau_official, of_stations=True).unchecked().count())
    assert [found for sql in sent for found in walked(sql)] == []
