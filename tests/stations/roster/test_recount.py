"""Who counts, as it stands in the database: facts gathered in sets, the pure rule, the numbers of the list."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from jinhua_labor.accounts.models import User
from jinhua_labor.core.errors import Refused
from jinhua_labor.core.idnumber import parse
from jinhua_labor.review.services import open_review
from jinhua_labor.review.states import Kind, State
from stations.applications.models import Application
from stations.registry.models import Employer
from stations.roster.models import Delivery, InsuredMonth, RosterList
from stations.roster.queries import facts_for_quality, summary
from stations.roster.queries.one import months
from stations.roster.rules import distinct_counted
from stations.roster.services import insurance, lists, rows
from stations.roster.services.adjudicating import adjudicate
from stations.roster.services.insurance import Asked
from stations.roster.services.recount import recount_list
from stations.roster.tasks import recount_open
from tests.data.people import id_number
from tests.factories import credit_code

from .build import ENTRY, add, bring_in, employer, empty_list, filled_list, insured

pytestmark = pytest.mark.django_db


def paid(row: Delivery) -> list[list[object]]:
    return [insured(row, 202103, paid_on="2021-03-22"), insured(row, 202104, paid_on="2021-04-20")]


def state_of(row: Delivery) -> tuple[str, list[str]]:
    row.refresh_from_db()
    return row.status, row.codes


@pytest.mark.parametrize(
    ("more", "status", "codes"),
    [
        pytest.param({}, "COUNTED", [], id="全部符合"),
        pytest.param({"leave_on": dt.date(2021, 5, 1)}, "COUNTED", [], id="已离职仍计入"),
        pytest.param({"employment_form": "DISPATCH"}, "EXCLUDED", ["E07"], id="劳务派遣"),
        pytest.param({"employment_form": "INTERN"}, "EXCLUDED", ["E17"], id="实习"),
        pytest.param({"hukou_text": "浙江省示例市"}, "EXCLUDED", ["E03"], id="浙江户籍"),
        pytest.param({"hukou_text": "示例州示例县"}, "PENDING", ["E04"], id="户籍读不出"),
        pytest.param({"hukou_text": "四川省示例市"}, "PENDING", ["E04"], id="户籍与号码前两位不同"),
        pytest.param({"born": dt.date(1955, 1, 1)}, "EXCLUDED", ["E06"], id="超龄"),
        pytest.param({"number": 2, "born": dt.date(1970, 3, 1)}, "PENDING", ["E18"], id="女50至55岁"),
    ],
)
def test_one_row(operator_user: User, centre_clerk: User, more: dict[str, Any], status: str, codes: list[str]) -> None:
    roster_list = empty_list(operator_user)
    row = add(roster_list, operator_user, **more)
    bring_in(roster_list, centre_clerk, paid(row))
    assert state_of(row) == (status, codes)
    roster_list.refresh_from_db()
    found = summary(roster_list)
    assert (found.counted, found.pending, found.excluded) == (
        int(status == "COUNTED"),
        int(status == "PENDING"),
        int(status == "EXCLUDED"),
    )
    assert found.by_code == dict.fromkeys(codes, 1)


def test_an_employer_outside_is_recorded_and_does_not_count(operator_user: User, centre_clerk: User) -> None:
    roster_list = empty_list(operator_user)
    outside = employer(operator_user, name="示例外地有限公司", code=credit_code(9002), here=False)
    row = add(roster_list, operator_user, employer=outside)
    bring_in(roster_list, centre_clerk, paid(row))
    assert state_of(row) == ("EXCLUDED", ["E08", "E12"])


@pytest.mark.parametrize(
    ("handed_in", "status"),
    [
        pytest.param("2021-04-19", "PENDING", id="提交日在第二个月到账之前"),
        pytest.param("2021-04-20", "COUNTED", id="提交日即到账日"),
    ],
)
def test_a_list_handed_in_counts_as_of_that_day(
    operator_user: User, centre_clerk: User, handed_in: str, status: str
) -> None:
    with time_machine.travel(f"{handed_in} 10:00 +08:00", tick=False):
        roster_list = empty_list(operator_user)
        row = add(roster_list, operator_user)
        lists.lock_list(roster_list=roster_list, by=operator_user)
    with time_machine.travel("2021-06-01 10:00 +08:00", tick=False):
        bring_in(roster_list, centre_clerk, paid(row))
    assert state_of(row)[0] == status


@pytest.mark.parametrize(
    ("day", "status"),
    [
        pytest.param(dt.date(2021, 4, 19), "PENDING", id="到账前一日"),
        pytest.param(dt.date(2021, 4, 20), "COUNTED", id="到账日"),
    ],
)
def test_as_of_a_day(operator_user: User, centre_clerk: User, day: dt.date, status: str) -> None:
    roster_list = empty_list(operator_user)
    row = add(roster_list, operator_user)
    bring_in(roster_list, centre_clerk, paid(row))
    recount_list(roster_list=roster_list, as_of=day)
    assert state_of(row)[0] == status


class TestInsurance:
    def test_who_is_not_in_the_file_was_asked_for(self, operator_user: User, centre_clerk: User) -> None:
        roster_list = empty_list(operator_user)
        found, missing = add(roster_list, operator_user, 1), add(roster_list, operator_user, 3)
        extract = bring_in(roster_list, centre_clerk, paid(found))
        assert (extract.asked, extract.found, extract.unmatched) == (2, 1, 0)
        assert state_of(found) == ("COUNTED", [])
        assert state_of(missing) == ("EXCLUDED", ["E09"])
        missing.person.refresh_from_db()
        assert missing.person.si_checked_to == 202105

    def test_strangers_and_other_names_are_told_without_numbers(self, operator_user: User, centre_clerk: User) -> None:
        roster_list = empty_list(operator_user)
        row = add(roster_list, operator_user)
        stranger = insured(row, 202103)
        stranger[1] = id_number("61", sequence=9)
        extract = bring_in(
            roster_list, centre_clerk, [*[[*line[:0], "测试别名", *line[1:]] for line in paid(row)], stranger]
        )
        text = str(extract.notes)
        assert extract.unmatched == 1
        assert "1 行不是本名册的人员" in text
        assert "测试别名" in text
        assert str(stranger[1]) not in text
        assert state_of(row)[0] == "COUNTED"

    def test_an_unknown_payer_is_told_and_does_not_count(self, operator_user: User, centre_clerk: User) -> None:
        roster_list = empty_list(operator_user)
        row = add(roster_list, operator_user)
        lines = [insured(row, month, payer="示例未登记有限公司", code=credit_code(9003)) for month in (202103, 202104)]
        extract = bring_in(roster_list, centre_clerk, lines)
        assert "示例未登记有限公司" in str(extract.notes)
        assert state_of(row) == ("EXCLUDED", ["E12"])

    def test_the_payer_is_known_by_name_where_the_code_is_missing(
        self, operator_user: User, centre_clerk: User
    ) -> None:
        roster_list = empty_list(operator_user)
        row = add(roster_list, operator_user)
        bring_in(roster_list, centre_clerk, [insured(row, month, code="") for month in (202103, 202104)])
        assert state_of(row)[0] == "COUNTED"

    def test_a_later_extract_that_does_not_find_the_month_takes_it_back(
        self, operator_user: User, centre_clerk: User
    ) -> None:
        roster_list = empty_list(operator_user)
        row = add(roster_list, operator_user)
        bring_in(roster_list, centre_clerk, paid(row))
        bring_in(roster_list, centre_clerk, [insured(row, 202103)], span=(202103, 202106))
        assert state_of(row) == ("EXCLUDED", ["E09"])
        assert InsuredMonth.objects.count() == 3, "nothing is overwritten"
        assert sorted((month.month, replaced) for month, _, replaced in months(row)) == [
            (202103, False),
            (202103, True),
            (202104, True),
        ]

    def test_a_later_extract_of_other_months_leaves_the_earlier_ones(
        self, operator_user: User, centre_clerk: User
    ) -> None:
        roster_list = empty_list(operator_user)
        row = add(roster_list, operator_user)
        bring_in(roster_list, centre_clerk, [insured(row, 202103)], span=(202103, 202103))
        bring_in(roster_list, centre_clerk, [insured(row, 202104)], span=(202104, 202104))
        assert state_of(row)[0] == "COUNTED"

    def test_ticking_some_says_nothing_about_the_others(self, operator_user: User, centre_clerk: User) -> None:
        roster_list = empty_list(operator_user)
        ticked, other = add(roster_list, operator_user, 1), add(roster_list, operator_user, 3)
        bring_in(roster_list, centre_clerk, paid(other))
        insurance.tick(
            deliveries=[ticked],
            asked=Asked(202103, 202104, "窗口查询"),
            payer=None,
            paid_on=None,
            by=centre_clerk,
        )
        assert state_of(ticked) == ("COUNTED", [])
        assert state_of(other) == ("COUNTED", [])

    def test_the_same_file_twice_is_one_extract(self, operator_user: User, centre_clerk: User) -> None:
        roster_list = empty_list(operator_user)
        row = add(roster_list, operator_user)
        first = bring_in(roster_list, centre_clerk, paid(row))
        stored = first.file
        again = insurance.bring_in(
            roster_list=roster_list, file=stored, asked=Asked(202103, 202105, "再次"), by=centre_clerk
        )
        assert again == first

    def test_the_same_file_is_read_anew_once_its_payer_is_registered(
        self, operator_user: User, centre_clerk: User
    ) -> None:
        roster_list = empty_list(operator_user)
        row = add(roster_list, operator_user)
        name = "示例后登记有限公司"
        lines = [insured(row, month, payer=name, code="") for month in (202103, 202104)]
        first = bring_in(roster_list, centre_clerk, lines)
        assert state_of(row) == ("EXCLUDED", ["E12"])
        employer(centre_clerk, name=name, code=credit_code(9003))
        asked = Asked(202103, 202105, "再次")
        again = insurance.bring_in(roster_list=roster_list, file=first.file, asked=asked, by=centre_clerk)
        assert again != first
        assert state_of(row) == ("COUNTED", [])

    def test_the_same_file_is_read_anew_for_people_added_since(self, operator_user: User, centre_clerk: User) -> None:
        roster_list = empty_list(operator_user)
        row, late = add(roster_list, operator_user), parse(id_number("52", dt.date(1991, 1, 1), 3))
        lines = paid(row)
        lines += [[line[0], late.text, *line[2:]] for line in lines]
        first = bring_in(roster_list, centre_clerk, lines)
        added = add(roster_list, operator_user, id_number=late.text)
        asked = Asked(202103, 202105, "再次")
        insurance.bring_in(roster_list=roster_list, file=first.file, asked=asked, by=centre_clerk)
        assert [state_of(one) for one in (row, added)] == [("COUNTED", [])] * 2

    def test_months_outside_the_query_are_refused(self, operator_user: User, centre_clerk: User) -> None:
        roster_list = empty_list(operator_user)
        row = add(roster_list, operator_user)
        with pytest.raises(Refused, match="超出"):
            bring_in(roster_list, centre_clerk, paid(row), span=(202103, 202103))

    def test_only_the_centre_brings_in(self, operator_user: User) -> None:
        roster_list = empty_list(operator_user)
        row = add(roster_list, operator_user)
        with pytest.raises(PermissionDenied):
            bring_in(roster_list, operator_user, paid(row))


class TestAdjudication:
    def test_accepting_the_hukou_counts_the_person(self, operator_user: User, centre_clerk: User) -> None:
        roster_list = empty_list(operator_user)
        row = add(roster_list, operator_user, hukou_text="示例州示例县")
        bring_in(roster_list, centre_clerk, paid(row))
        adjudicate(delivery=row, code="E04", accepted=True, reason="户口簿：贵州省", by=centre_clerk)
        assert state_of(row) == ("COUNTED", [])

    def test_refusing_it_excludes_the_person(self, operator_user: User, centre_clerk: User) -> None:
        roster_list = empty_list(operator_user)
        row = add(roster_list, operator_user, hukou_text="示例州示例县")
        bring_in(roster_list, centre_clerk, paid(row))
        adjudicate(delivery=row, code="E04", accepted=False, reason="已落户本地", by=centre_clerk)
        assert state_of(row) == ("EXCLUDED", ["E03"])

    @pytest.mark.parametrize("code", ["E09", "E10", "E07", "E01"])
    def test_what_the_data_decide_is_not_judged(self, operator_user: User, centre_clerk: User, code: str) -> None:
        row = add(empty_list(operator_user), operator_user)
        with pytest.raises(Refused, match="不能人工认定"):
            adjudicate(delivery=row, code=code, accepted=True, reason="理由", by=centre_clerk)

    def test_a_reason_is_needed(self, operator_user: User, centre_clerk: User) -> None:
        row = add(empty_list(operator_user), operator_user, hukou_text="示例州")
        with pytest.raises(Refused, match="依据"):
            adjudicate(delivery=row, code="E04", accepted=True, reason=" ", by=centre_clerk)


def test_a_person_counts_once_in_a_list(operator_user: User, centre_clerk: User) -> None:
    roster_list = empty_list(operator_user)
    first = add(roster_list, operator_user)
    again = add(roster_list, operator_user, entry_on=dt.date(2023, 3, 10))
    lines = [*paid(first), *[insured(again, month) for month in (202303, 202304)]]
    bring_in(roster_list, centre_clerk, lines, span=(202101, 202312))
    assert state_of(first) == ("COUNTED", [])
    assert state_of(again) == ("EXCLUDED", ["E13"])
    roster_list.refresh_from_db()
    found = summary(roster_list)
    assert (found.raw, found.persons, found.counted) == (2, 1, 1)


def test_the_row_that_counts_holds_before_one_that_only_may(operator_user: User, centre_clerk: User) -> None:
    roster_list = empty_list(operator_user)
    unread = add(roster_list, operator_user, hukou_text="示例州")
    sure = add(roster_list, operator_user, entry_on=dt.date(2023, 3, 10))
    lines = [*paid(unread), *[insured(sure, month) for month in (202303, 202304)]]
    bring_in(roster_list, centre_clerk, lines, span=(202101, 202312))
    assert state_of(sure)[0] == "COUNTED"
    assert "E13" in state_of(unread)[1]


def handed_in(roster_list: RosterList, by: User, at: dt.datetime, state: str = State.SUBMITTED) -> Application:
    """An application around a list, as SUBMIT leaves it."""
    pk = uuid.uuid4()
    review = open_review(
        kind=Kind.APPLICATION,
        object_id=pk,
        title="设立申请",
        organisation=roster_list.operator,
        url_name="applications:file",
        open_key=str(pk),
        by=by,
    )
    review.submitted_by, review.submitted_at, review.first_submitted_at = by, at, at
    review.number, review.state = f"SL-{pk}"[:30], State.SUBMITTED
    review.save()
    application = Application.objects.create(
        id=pk, review=review, operator=roster_list.operator, roster_list=roster_list
    )
    if state != State.SUBMITTED:
        review.state, review.open_key = state, None
        review.save()
    return application


class TestClaims:
    """R-07: two operators name the same person."""

    @pytest.fixture
    def lists_of_two(
        self, operator_user: User, stranger_operator: User, centre_clerk: User
    ) -> tuple[Delivery, Delivery]:
        mine, theirs = empty_list(operator_user), empty_list(stranger_operator)
        one = add(mine, operator_user)
        other = add(theirs, stranger_operator, entry_on=dt.date(2021, 6, 10))
        bring_in(mine, centre_clerk, paid(one))
        bring_in(theirs, centre_clerk, [insured(other, month) for month in (202106, 202107)], span=(202106, 202108))
        return one, other

    def test_drafts_claim_nobody(self, lists_of_two: tuple[Delivery, Delivery]) -> None:
        for row in lists_of_two:
            recount_list(roster_list=row.roster_list)
            assert state_of(row)[0] == "COUNTED"

    def test_the_first_one_handed_in_holds(
        self, lists_of_two: tuple[Delivery, Delivery], operator_user: User, stranger_operator: User
    ) -> None:
        one, other = lists_of_two
        now = timezone.now()
        handed_in(other.roster_list, stranger_operator, now - dt.timedelta(days=2))
        handed_in(one.roster_list, operator_user, now - dt.timedelta(days=1))
        for row in lists_of_two:
            recount_list(roster_list=row.roster_list)
        assert state_of(other) == ("COUNTED", [])
        assert state_of(one) == ("PENDING", ["E14"])

    def test_a_list_under_review_follows_what_the_office_corrects_of_an_employer(
        self, lists_of_two: tuple[Delivery, Delivery], operator_user: User
    ) -> None:
        one, _ = lists_of_two
        handed_in(one.roster_list, operator_user, timezone.now())
        lists.lock_list(roster_list=one.roster_list, by=operator_user)
        Employer.objects.update(in_district=False)
        recount_open(timestamp=0)
        assert state_of(one)[0] == "EXCLUDED"
        one.roster_list.refresh_from_db()
        assert (one.roster_list.counted, one.roster_list.excluded) == (0, 1)

    def test_a_withdrawn_application_claims_nobody(
        self, lists_of_two: tuple[Delivery, Delivery], stranger_operator: User
    ) -> None:
        one, other = lists_of_two
        handed_in(other.roster_list, stranger_operator, timezone.now(), State.WITHDRAWN)
        recount_list(roster_list=one.roster_list)
        assert state_of(one) == ("COUNTED", [])

    def test_the_centre_settles_it(
        self, lists_of_two: tuple[Delivery, Delivery], stranger_operator: User, centre_clerk: User
    ) -> None:
        one, other = lists_of_two
        handed_in(other.roster_list, stranger_operator, timezone.now())
        recount_list(roster_list=one.roster_list)
        adjudicate(delivery=one, code="E14", accepted=True, reason="劳动合同为本单位输送", by=centre_clerk)
        assert state_of(one) == ("COUNTED", [])

    def test_beyond_twelve_months_an_application_claims_nobody(
        self, operator_user: User, stranger_operator: User, centre_clerk: User
    ) -> None:
        mine, theirs = empty_list(operator_user), empty_list(stranger_operator)
        one = add(mine, operator_user)
        add(theirs, stranger_operator, entry_on=dt.date(2022, 3, 11))
        handed_in(theirs, stranger_operator, timezone.now())
        bring_in(mine, centre_clerk, paid(one))
        assert state_of(one) == ("COUNTED", [])


def test_partial_recount_equals_the_whole(operator_user: User, centre_clerk: User) -> None:
    roster_list = empty_list(operator_user)
    made = [add(roster_list, operator_user, number) for number in (1, 3, 5)]
    bring_in(roster_list, centre_clerk, [line for row in made for line in paid(row)])
    rows.correct_row(
        delivery=made[1],
        fields=rows.RowFields("测试甲", "浙江省示例市", employer(operator_user), ENTRY, "DIRECT"),
        by=operator_user,
    )
    roster_list.refresh_from_db()
    partial = summary(roster_list)
    whole = recount_list(roster_list=roster_list)
    assert (partial.raw, partial.counted, partial.excluded, partial.by_code) == (3, 2, 1, {"E03": 1})
    assert (whole.raw, whole.counted, whole.excluded, whole.by_code) == (3, 2, 1, {"E03": 1})


def test_the_numbers_agree_with_the_rule_over_rows(operator_user: User, centre_clerk: User) -> None:
    roster_list = filled_list(operator_user, 20)
    listed = list(Delivery.objects.filter(roster_list=roster_list).select_related("person", "employer"))
    bring_in(roster_list, centre_clerk, [line for row in listed[:11] for line in paid(row)])
    found = recount_list(roster_list=roster_list)
    tally = distinct_counted(Delivery.objects.filter(roster_list=roster_list).values_list("person_id", "status"))
    assert (found.raw, found.counted, found.pending) == (tally.rows, tally.counted, tally.pending)


def test_a_recount_changes_only_what_changed(operator_user: User) -> None:
    roster_list = filled_list(operator_user, 3)
    before = set(Delivery.objects.values_list("pk", "counted_at"))
    recount_list(roster_list=roster_list)
    assert set(Delivery.objects.values_list("pk", "counted_at")) == before


def test_the_number_of_queries_does_not_grow(operator_user: User, django_assert_max_num_queries: Any) -> None:
    for count in (1, 30):
        roster_list = filled_list(operator_user, count)
        with django_assert_max_num_queries(20):
            recount_list(roster_list=roster_list)


def test_quality_shares(operator_user: User) -> None:
    roster_list = empty_list(operator_user)
    add(roster_list, operator_user, 1, education="初中", skill="四级")
    add(roster_list, operator_user, 3, education="小学")
    add(roster_list, operator_user, 5, employment_form="DISPATCH", skill="三级")
    Employer.objects.get().key_years.create(year=2021, added_by=operator_user)
    found = facts_for_quality(roster_list, 2021)
    assert (found.total, found.certified, found.schooling_known, found.schooled, found.to_key_employers) == (
        2,
        1,
        2,
        1,
        2,
    )


def test_opening_some_rows_of_a_locked_list(operator_user: User) -> None:
    roster_list = empty_list(operator_user)
    one, other = add(roster_list, operator_user, 1), add(roster_list, operator_user, 3)
    lists.lock_list(roster_list=roster_list, by=operator_user)
    lists.unlock_list(roster_list=roster_list, by=operator_user, rows=[one.pk])
    fields = rows.RowFields("测试新", "贵州省示例州", one.employer, ENTRY, "DIRECT")
    rows.correct_row(delivery=one, fields=fields, by=operator_user)
    with pytest.raises(Refused, match="锁定"):
        rows.correct_row(delivery=other, fields=fields, by=operator_user)
    with pytest.raises(Refused, match="锁定"):
        add(roster_list, operator_user, 5)
