"""A year scored anew begins with the facts of that day: what changed since stands on the new sheet at once (§5.3)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from assessments.models import Sheet, SheetLine
from assessments.sheets.services import results, review, scoring
from assessments.sheets.services.scoring import Entry
from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.notices import services as notices
from jinhua_labor.notices.models import Notice
from stations.registry.models import Station
from tests import factories
from tests.assessments.sheets.build import clerk, give, reload, reported, scored, scoring_now, versions
from tests.meta import rows
from tests.stations.roster.station import station as made_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def station(operator_user: User) -> Station:
    return made_station(operator_user)


def confirmed(station: Station, unit: User, scorer: User, checker: User, official: User) -> Sheet:
    """A confirmed sheet whose station had no 专人: A3 gives nothing."""
    sheet = reported(station, unit, scorer, checker)
    review.confirm(sheet_id=sheet.pk, opinion="同意。", by=official)
    assert line(sheet, "A3").given == 0
    return reload(sheet)


def published(sheet: Sheet, by: User) -> Notice:
    """The result in 公示, released by an official who did not confirm it."""
    notice = results.prepare_notice(assessment_ids=[sheet.assessment_id], by=by)
    return notices.release(notice_id=notice.pk, by=factories.user(Role.BUREAU))


def line(sheet: Sheet, code: str) -> SheetLine:
    return sheet.lines.get(code=code)


def reopened(sheet: Sheet, by: User) -> Sheet:
    notice = published(sheet, by)
    objection = notices.object_to(
        notice_id=notice.pk, name="测试异议人", contact="测试联系方式", content="该站设有专人。"
    )
    late_liaison(sheet.assessment.station)
    return results.reopen_for_objection(
        assessment_id=sheet.assessment_id, objection_id=objection.pk, reason="设有专人，经核实", by=by
    )


def late_liaison(station: Station) -> None:
    """What the year's data did not say when it was confirmed."""
    rows.liaison(station=station, name="测试甲", phone="0579-82190000", since=station.established_on)


def test_异议成立的新表已是当日的事实_原表不变(
    station: Station,
    operator_user: User,
    centre_clerk: User,
    centre_second: User,
    bureau_official: User,
    client_for: Callable[[User], Client],
) -> None:
    old = confirmed(station, operator_user, centre_clerk, centre_second, bureau_official)
    new = reopened(old, centre_clerk)
    assert (line(new, "A3").computed, line(new, "A3").given) == (5, 5)
    assert (line(old, "A3").computed, line(old, "A3").given) == (0, 0)
    facts = scoring.facts_of(reload(new))
    assert facts is not None
    assert facts.liaison.present
    assert not scoring.refresh(sheet_id=new.pk, by=centre_clerk).lines.filter(given__isnull=True).exists()
    text = client_for(centre_clerk).get(new.get_absolute_url()).content.decode()
    assert "还没有汇集计分事实" not in text


def test_更正的新表已是当日的事实_可直接评分送复核(
    station: Station, operator_user: User, centre_clerk: User, centre_second: User, bureau_official: User
) -> None:
    old = confirmed(station, operator_user, centre_clerk, centre_second, bureau_official)
    notice = published(old, centre_clerk)
    assert notice.ends_on is not None
    day = notice.ends_on.fromordinal(notice.ends_on.toordinal() + 1)
    assert results.settle(assessment_id=old.assessment_id, day=day, by=User.objects.system())
    late_liaison(station)
    new = results.correct(assessment_id=old.assessment_id, reason="专人漏记", by=bureau_official)
    assert line(new, "A3").given == 5
    scored(new, centre_clerk)
    review.submit(sheet_id=new.pk, lines_version=versions(new), by=centre_clerk)
    assert reload(new).total is None  # 新的总分仍要局确认才有


def test_人改过的分带到新表_事实变了也不动(
    station: Station, operator_user: User, centre_clerk: User, centre_second: User, bureau_official: User
) -> None:
    sheet = scoring_now(station, operator_user)
    paper = factories.png()
    give(sheet, "A3", centre_clerk, Entry(points=Decimal(2), reason="另有兼职一人", uploads=(paper,)))
    scored(sheet, centre_clerk)
    review.submit(sheet_id=sheet.pk, lines_version=versions(sheet), by=centre_clerk)
    review.check(sheet_id=sheet.pk, by=centre_second)
    review.agree(sheet_id=sheet.pk, by=operator_user)
    review.screen(sheet_id=sheet.pk, opinion="如实复核。", by=centre_second)
    review.confirm(sheet_id=sheet.pk, opinion="同意。", by=bureau_official)
    new = reopened(reload(sheet), clerk())
    row = line(new, "A3")
    assert (row.computed, row.given, row.reason, row.evidence.count()) == (5, 2, "另有兼职一人", 1)
