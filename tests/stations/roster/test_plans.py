"""What PostgreSQL plans while a large import is under way and the statistics call its tables empty."""

from __future__ import annotations

import re
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection, transaction

from stations.roster.services.bulk import analyse, patient
from tests.killing import url_of_test_database

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PERSONS = """
    INSERT INTO stations_person (id, id_number, id_index, last4, id_province, sex, birth)
    SELECT gen_random_uuid(), '\\x01', sha256(n::text::bytea), '0000', '52', 'M', '1990-01-01'
      FROM generate_series(1, 20000) n
"""


@pytest.fixture
def unseen() -> Iterator[None]:
    """20 000 persons of a transaction that has not ended, of whom somebody else took statistics meanwhile."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PERSONS)
        with psycopg.connect(url_of_test_database(), autocommit=True) as other:
            other.execute("ANALYZE stations_person")
        cursor.execute("SELECT reltuples, relpages FROM pg_class WHERE relname = 'stations_person'")
        tuples, pages = cursor.fetchone()
        assert (tuples, pages > 100) == (0, True)
        cursor.execute(
            "CREATE TEMP TABLE new_rows ON COMMIT DROP AS SELECT id AS person_id, NULL::uuid AS employer_id,"
            " NULL::uuid AS operator_id, NULL::uuid AS roster_list_id, NULL::uuid AS batch_id FROM stations_person"
        )
        cursor.execute("ANALYZE new_rows")
        yield
        transaction.set_rollback(True)


def plan(query: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {query}")
        return "\n".join(line for (line,) in cursor.fetchall())


def test_外键逐个按主键查_不遍历全表(unseen: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname LIKE 'pgtrigger_refers_on_insert%'")
        lookups = re.findall(r"EXECUTE '(.*?)' INTO missing", cursor.fetchone()[0])
    assert len(lookups) == 1
    planned = plan(lookups[0].replace("''", "'"))
    assert planned.count("SubPlan") >= 5
    assert re.search(r"Index (Only )?Scan (using|on) stations_person_pkey", planned)
    assert "Index Cond: (id = n.person_id)" in planned
    assert "Seq Scan on stations_person" not in planned
    assert planned.count("Scan on new_rows") == 2  # persons, and what few others the rows name together


def test_整批语句不为每一行走遍全表(unseen: None) -> None:
    join = "SELECT 1 FROM new_rows n LEFT JOIN stations_person p ON p.id = n.person_id WHERE p.id IS NULL LIMIT 1"
    assert "Materialize" in plan(join), "统计没有把表说成空的，下面的断言就什么也没证明"
    patient()
    assert "Materialize" not in plan(join)


def test_被说成空的表重新统计(unseen: None) -> None:
    analyse()
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'stations_person'")
        assert cursor.fetchone()[0] == 20000
