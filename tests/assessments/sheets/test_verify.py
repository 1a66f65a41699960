"""`manage.py verify_results`: a confirmed sheet holds, and whatever was changed behind its back is named."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from assessments.models import Sheet, SheetLine, SheetPerson
from assessments.sheets.queries.facts import gather, people_of
from assessments.sheets.rules.snapshot import digest, rebuild, snapshot
from jinhua_labor.policy.types import Policy
from tests.meta import rows
from tests.meta import rows_assessment as made_rows
from tests.queries import queries

from . import filled, made
from .filled import END, OPENED, PERIOD, START

pytestmark = pytest.mark.django_db


def confirmed(policy: Policy) -> Sheet:
    """A sheet confirmed with its lines and people, as the bureau's step writes them."""
    place = filled.whole()
    year = made_rows.assessment(
        station=place,
        starts_on=START,
        ends_on=END,
        opened_on=OPENED,
        data_cutoff=OPENED,
        frozen_year=filled.frozen(place),
        stage="CONFIRMED",
    )
    facts = gather(place, PERIOD, cutoff=OPENED, as_of=OPENED, policy=policy, official=True)
    lines = made.lines(facts, policy=policy, innovation=6)
    said = snapshot(facts, lines, policy=policy, certainty="CONFIRMED", about={"station": place.number})
    settled = rebuild(said).settled
    sheet = made_rows.checked(assessment=year)
    for line in lines:
        SheetLine.objects.create(
            sheet=sheet,
            code=line.code,
            weight=policy.indicator(line.code).weight,
            given=line.given,
            parts=list(line.parts),
            skill_points=line.skill_points,
            reason=line.reason,
            given_by=rows.clerk(),
            given_at=rows.NOW,
        )
    SheetPerson.objects.bulk_create(
        SheetPerson(
            sheet=sheet,
            delivery_id=one.delivery,
            status=one.status,
            codes=list(one.codes),
            matured=one.matured,
            retained=one.retained,
            contract=one.contract,
            skilled=one.skilled,
        )
        for one in people_of(place, PERIOD, cutoff=OPENED, as_of=OPENED, policy=policy)
    )
    Sheet.objects.filter(pk=sheet.pk).update(
        facts=facts.to_json(),
        snapshot=said,
        sha256=digest(said),
        total=settled.total,
        vetoed=bool(settled.veto),
        veto_reason=settled.veto,
        outcome=settled.outcome,
        counted=facts.people.counted,
        skilled=facts.people.skilled,
        matured=facts.retention.matured,
        retained=facts.retention.retained,
        confirmed_at=dt.datetime(2023, 4, 20, tzinfo=dt.UTC),
    )
    return Sheet.objects.get(pk=sheet.pk)


def run() -> str:
    out = io.StringIO()
    call_command("verify_results", stdout=out)
    return out.getvalue()


def behind(statement: str, *values: Any) -> None:
    """Changes a row as nobody can through the portal: with the triggers asleep."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def test_没有评估表也说清楚(db: None):
    assert run() == "重算 0 张评估表，全部与确认时相同。\n"


def test_确认之后照旧(policy: Policy):
    confirmed(policy)
    assert run() == "重算 1 张评估表，全部与确认时相同。\n"


def test_名册后来改了_结果照旧(policy: Policy):
    sheet = confirmed(policy)
    place = sheet.assessment.station
    place.deliveries.update(status="EXCLUDED", codes=["E07"])
    assert "全部与确认时相同" in run()


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        pytest.param(
            lambda sheet: behind("UPDATE assessments_sheet SET total = 100 WHERE id = %s", sheet.pk),
            "总分：评估表记“100.00”",
            id="总分",
        ),
        pytest.param(
            lambda sheet: behind("UPDATE assessments_sheet SET counted = 300 WHERE id = %s", sheet.pk),
            "输送人数：评估表记 300，快照为 8",
            id="人数",
        ),
        pytest.param(
            lambda sheet: behind(
                "UPDATE assessments_sheet SET snapshot = jsonb_set(snapshot, '{total}', '\"99\"') WHERE id = %s",
                sheet.pk,
            ),
            "快照的校验值不符",
            id="快照",
        ),
        pytest.param(
            lambda sheet: behind("UPDATE assessments_sheet SET snapshot = '{}' WHERE id = %s", sheet.pk),
            "快照不能重算",
            id="快照空了",
        ),
        pytest.param(
            lambda sheet: behind(
                "UPDATE assessments_sheetline SET given = 0 WHERE code = 'C3' AND sheet_id = %s", sheet.pk
            ),
            "C3：评估表记 0.00 分",
            id="一项得分",
        ),
        pytest.param(
            lambda sheet: behind("DELETE FROM assessments_sheetline WHERE code = 'D1' AND sheet_id = %s", sheet.pk),
            "D1：评估表没有这一项",
            id="少一项",
        ),
        pytest.param(
            lambda sheet: behind(
                "UPDATE assessments_sheetperson SET retained = true, matured = true WHERE sheet_id = %s", sheet.pk
            ),
            "留用人数：人员明细合计 10，快照为 2",
            id="人员明细",
        ),
        pytest.param(
            lambda sheet: behind(
                "UPDATE stations_frozenyear SET sha256 = %s WHERE id = %s", "0" * 64, sheet.assessment.frozen_year_id
            ),
            "冻结名册的校验值不符",
            id="冻结名册",
        ),
    ],
)
def test_背后改动_指名道姓(policy: Policy, spoil: Callable[[Sheet], None], message: str):
    sheet = confirmed(policy)
    spoil(sheet)
    out = io.StringIO()
    with pytest.raises(CommandError, match="重算 1 张评估表，1 张与确认时不同"):
        call_command("verify_results", stdout=out)
    assert message in out.getvalue()
    assert sheet.assessment.station.number in out.getvalue()


def test_查询次数不随评估表增长(policy: Policy):
    confirmed(policy)
    one = len(queries(run))
    for _ in range(2):
        confirmed(policy)
    assert len(queries(run)) == one


def test_总分以库中小数位为准(policy: Policy):
    sheet = confirmed(policy)
    assert isinstance(sheet.total, Decimal)
    assert rebuild(sheet.snapshot).total == sheet.total
