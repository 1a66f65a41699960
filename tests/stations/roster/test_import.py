"""① 选文件 → ② 核对 → ③ 提交."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from jinhua_labor.accounts.models import User
from jinhua_labor.audit.models import AuditEntry
from jinhua_labor.core.errors import Conflict, Refused
from stations.registry.models import Employer, EmployerAlias
from stations.roster.enums import BatchState, Decision, StagedState
from stations.roster.models import Delivery, ImportBatch, Person, RosterList, StagedRow
from stations.roster.queries import printed_rows, summary
from stations.roster.queries.checking import cells_of, counts, groups, hidden_rows, unmatched_employers
from stations.roster.services import annotating, checking, committing, lists, reading, rows, staging
from stations.roster.services.recount import recount_list
from tests.data.people import EMPLOYER, HEADER, id_number, people, person
from tests.data.workbooks import date1904, roster, wps_like, xls, xlsx

from .build import CODE, ENTRY, commit, empty_list, filled_list, match, staged

pytestmark = pytest.mark.django_db


def states(batch: ImportBatch) -> dict[int, str]:
    return dict(batch.rows.values_list("row_no", "state"))


@pytest.mark.parametrize(
    ("data", "name", "rows"),
    [
        pytest.param(roster(people(3)), "名册.xlsx", 3, id="标题行和表头行在上"),
        pytest.param(wps_like(), "WPS.xlsx", 3, id="WPS 文件"),
        pytest.param(xls([HEADER, *people(3)]), "旧格式.xls", 3, id="xls"),
        pytest.param(
            roster([[*row[1:], row[0]] for row in people(3)], header=(*HEADER[1:], HEADER[0])),
            "列序.xlsx",
            3,
            id="列的次序不同",
        ),
        pytest.param(
            roster([*people(2), ["", "", "", "", "", ""], ["合计", "2人"]]), "合计.xlsx", 2, id="空行和合计行"
        ),
    ],
)
def test_a_real_file_is_staged_whole(operator_user: User, data: bytes, name: str, rows: int) -> None:
    batch = staged(operator_user, data, name=name)
    assert (batch.state, batch.rows.count()) == (BatchState.CHECKING, rows)
    assert set(states(batch).values()) == {StagedState.GOOD}
    assert Delivery.objects.count() == 0


def test_problems_of_all_rows_are_found_in_one_pass(operator_user: User) -> None:
    good = person(1)
    scientific, fifteen, future, unread = person(2), person(3), person(4), person(5)
    scientific[2] = "5.22E+17"
    fifteen[2] = "522301900101001"
    future[5] = dt.date(2099, 1, 1)
    unread[3] = "示例州示例县"
    batch = staged(operator_user, roster([good, scientific, fifteen, future, unread]))
    found = {group.code: (group.severity, [row.row_no for row in group.rows]) for group in groups(batch)}
    assert found == {
        "scientific": ("error", [5]),
        "fifteen": ("error", [6]),
        "entry_future": ("error", [7]),
        "hukou_unread": ("warning", [8]),
    }
    assert states(batch) == {4: "GOOD", 5: "BAD", 6: "BAD", 7: "BAD", 8: "GOOD"}


def test_identity_numbers_are_not_readable_in_the_database(operator_user: User) -> None:
    bad = person(2)
    bad[5] = "2024.3"
    batch = staged(operator_user, roster([person(1), bad]))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id_number, raw, name, problems::text FROM stations_stagedrow WHERE batch_id = %s", [batch.pk]
        )
        stored = b"".join(bytes(part) for row in cursor.fetchall() for part in row[:2] if part is not None)
    for number in (person(1)[2], bad[2]):
        assert str(number).encode() not in stored


def test_unknown_employers_wait_for_their_credit_code_once(operator_user: User) -> None:
    batch = staged(operator_user, roster(people(3)))
    assert [(one.text, one.rows) for one in unmatched_employers(batch)] == [(EMPLOYER, 3)]
    assert counts(batch).unmatched == 3
    match(batch, operator_user)
    assert (counts(batch).ready, unmatched_employers(batch)) == (3, [])
    later = staged(operator_user, roster([person(9)]))
    assert counts(later).ready == 1, "the spelling is remembered"


def test_a_wrong_credit_code_is_refused(operator_user: User) -> None:
    batch = staged(operator_user, roster(people(1)))
    with pytest.raises(Refused, match="校验码"):
        match(batch, operator_user, code=CODE[:-1] + ("0" if CODE[-1] != "0" else "1"))
    assert not Employer.objects.exists()


@pytest.mark.parametrize(
    ("form", "consented", "message"),
    [
        pytest.param("", True, "用工形式", id="未声明用工形式"),
        pytest.param("DIRECT", False, "单独同意", id="未确认告知同意"),
    ],
)
def test_nothing_is_committed_without_the_declaration(
    operator_user: User, form: str, consented: bool, message: str
) -> None:
    batch = staged(operator_user, roster(people(2)))
    match(batch, operator_user)
    with pytest.raises(Refused, match=message):
        committing.commit(batch=batch, by=operator_user, default_form=form, consented=consented)
    assert Delivery.objects.count() == 0
    batch.refresh_from_db()
    assert batch.state == BatchState.CHECKING


def test_the_database_refuses_a_commit_without_the_declaration(operator_user: User) -> None:
    batch = staged(operator_user, roster(people(1)))
    with pytest.raises(IntegrityError, match="batch_committed_has_declaration"), transaction.atomic():
        ImportBatch.objects.filter(pk=batch.pk).update(
            state=BatchState.COMMITTED, committed_by=operator_user, committed_at=dt.datetime.now(dt.UTC)
        )


def test_good_rows_go_and_bad_ones_stay(operator_user: User) -> None:
    bad = person(2)
    bad[2] = "5.22E+17"
    batch = staged(operator_user, roster([person(1), bad, person(3)]))
    match(batch, operator_user)
    assert commit(batch, operator_user).added == 2
    batch.refresh_from_db()
    assert (batch.state, states(batch)) == (BatchState.COMMITTED, {5: "BAD"})
    assert [row.seq for row in printed_rows(batch.roster_list)] == [1, 2]
    row = checking.edit_row(
        batch=batch,
        row_no=5,
        values={
            "name": "测试乙",
            "id_number": id_number(sequence=77),
            "hukou": "四川省示例市",
            "employer": EMPLOYER,
            "entry_on": "2024年3月5日",
        },
        by=operator_user,
    )
    assert (row.state, row.entry_on, row.hukou_province) == ("GOOD", dt.date(2024, 3, 5), "51")
    assert commit(batch, operator_user).added == 1
    assert recount_list(roster_list=batch.roster_list).raw == 3


def test_an_edited_row_is_checked_like_the_file(operator_user: User) -> None:
    bad = person(1)
    bad[2] = ""
    batch = staged(operator_user, roster([bad]))
    row = checking.edit_row(
        batch=batch, row_no=4, values={"name": "测试", "id_number": "123", "entry_on": "2024.3"}, by=operator_user
    )
    assert {problem[0] for problem in row.problems} == {"length", "hukou", "employer", "date_month"}
    assert row.state == "BAD"


@pytest.mark.parametrize("times", [2, 3])
def test_committing_again_adds_nobody_twice(operator_user: User, times: int) -> None:
    batch = staged(operator_user, roster(people(5)))
    match(batch, operator_user)
    added = [commit(batch, operator_user).added for _ in range(times)]
    assert added == [5] + [0] * (times - 1)
    assert (Delivery.objects.count(), Person.objects.count()) == (5, 5)


def test_a_second_upload_adds_nobody_twice(operator_user: User) -> None:
    roster_list = filled_list(operator_user, 4)
    batch = staged(operator_user, roster([*people(4), person(5)]), roster_list=roster_list)
    assert (counts(batch).known, counts(batch).ready) == (4, 1)
    done = commit(batch, operator_user)
    assert (done.added, done.known) == (1, 4)
    assert Delivery.objects.filter(roster_list=roster_list).count() == 5


def test_numbers_written_differently_are_one_person(operator_user: User) -> None:
    roster_list = filled_list(operator_user, 1)
    again = person(1)
    again[2] = str(again[2]).lower().translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    batch = staged(operator_user, roster([again]), roster_list=roster_list)
    assert counts(batch).known == 1


class TestKnownPersonWithAnotherDate:
    """「更正还是再次输送？」 is asked, never guessed."""

    @pytest.fixture
    def batch(self, operator_user: User) -> ImportBatch:
        roster_list = filled_list(operator_user, 2)
        changed = person(1, entry=dt.date(2023, 5, 1))
        return staged(operator_user, roster([changed, person(2)]), roster_list=roster_list)

    def test_asks(self, batch: ImportBatch) -> None:
        assert states(batch) == {4: "ASK", 5: "KNOWN"}
        row = batch.rows.get(row_no=4)
        assert row.asks["mine"] is True
        assert row.asks["entry_on"] == "2021-03-10"

    def test_an_unanswered_row_stays(self, batch: ImportBatch, operator_user: User) -> None:
        assert commit(batch, operator_user).added == 0
        assert states(batch) == {4: "ASK"}

    @pytest.mark.parametrize(
        ("decision", "dates"),
        [
            pytest.param(Decision.CORRECT, {dt.date(2023, 5, 1)}, id="更正"),
            pytest.param(Decision.AGAIN, {dt.date(2021, 3, 10), dt.date(2023, 5, 1)}, id="再次输送"),
            pytest.param(Decision.DROP, {dt.date(2021, 3, 10)}, id="不导入"),
        ],
    )
    @pytest.mark.parametrize("row_no", [pytest.param(4, id="逐行"), pytest.param(None, id="全部")])
    def test_does_what_was_answered(
        self, batch: ImportBatch, operator_user: User, decision: Decision, dates: set[dt.date], row_no: int | None
    ) -> None:
        assert checking.decide(batch=batch, decision=decision, by=operator_user, row_no=row_no) == 1
        commit(batch, operator_user)
        index = Person.objects.get(pk=Delivery.objects.get(seq=1).person_id)
        assert set(index.deliveries.values_list("entry_on", flat=True)) == dates

    def test_does_not_correct_a_row_of_another_list(self, operator_user: User) -> None:
        filled_list(operator_user, 1)
        batch = staged(operator_user, roster([person(1, entry=dt.date(2023, 5, 1))]))
        with pytest.raises(Refused, match="另一份名册"):
            checking.decide(batch=batch, decision=Decision.CORRECT, by=operator_user, row_no=4)


class TestOnePersonTwiceInAFile:
    def test_same_row_twice_names_both(self, operator_user: User) -> None:
        batch = staged(operator_user, roster([person(1), person(1)]))
        found = {row.row_no: row.message for row in groups(batch)[0].rows}
        assert "第 5 行" in found[4]
        assert "第 4 行" in found[5]
        assert checking.drop_repeats(batch=batch, by=operator_user) == 1
        assert states(batch) == {4: "GOOD", 5: "DROPPED"}

    @pytest.mark.parametrize(
        ("decision", "left"),
        [
            pytest.param(Decision.CORRECT, {4: "DROPPED", 5: "GOOD"}, id="更正只留此行"),
            pytest.param(Decision.AGAIN, {4: "GOOD", 5: "GOOD"}, id="再次输送两行都留"),
            pytest.param(Decision.DROP, {4: "GOOD", 5: "DROPPED"}, id="不导入此行"),
        ],
    )
    def test_another_date_asks(self, operator_user: User, decision: Decision, left: dict[int, str]) -> None:
        batch = staged(operator_user, roster([person(1), person(1, entry=dt.date(2023, 5, 1))]))
        assert set(states(batch).values()) == {"ASK"}
        checking.decide(batch=batch, decision=decision, by=operator_user, row_no=5)
        assert states(batch) == left


@pytest.mark.parametrize(
    ("written", "form"),
    [
        pytest.param("劳务派遣", "DISPATCH", id="劳务派遣"),
        pytest.param("派遣", "DISPATCH", id="派遣"),
        pytest.param("正式工", "DIRECT", id="正式工"),
        pytest.param("业务外包", "OUTSOURCING", id="业务外包"),
    ],
)
def test_forms_of_employment_by_column_are_exceptions(operator_user: User, written: str, form: str) -> None:
    batch = staged(operator_user, roster([[*person(1), written], [*person(2), ""]], header=(*HEADER, "用工形式")))
    match(batch, operator_user)
    commit(batch, operator_user, "PART_TIME")
    assert list(Delivery.objects.order_by("seq").values_list("employment_form", flat=True)) == [form, "PART_TIME"]


def test_an_unreadable_form_of_employment_is_a_problem(operator_user: User) -> None:
    batch = staged(operator_user, roster([[*person(1), "不清楚"]], header=(*HEADER, "用工形式")))
    assert [group.code for group in groups(batch)] == ["form"]


def test_forms_of_employment_by_row_number(operator_user: User) -> None:
    batch = staged(operator_user, roster(people(3)))
    match(batch, operator_user)
    checking.set_form(batch=batch, form="DISPATCH", row_nos=[5], by=operator_user)
    commit(batch, operator_user)
    assert list(Delivery.objects.order_by("seq").values_list("employment_form", flat=True)) == [
        "DIRECT",
        "DISPATCH",
        "DIRECT",
    ]


def test_an_exception_by_row_number_outlives_the_correction_of_another_cell(operator_user: User) -> None:
    bad = person(1)
    bad[5] = "2021年3月"
    batch = staged(operator_user, roster([bad]))
    match(batch, operator_user)
    checking.set_form(batch=batch, form="DISPATCH", row_nos=[4], by=operator_user)
    shown = cells_of(batch.rows.get())
    row = checking.edit_row(batch=batch, row_no=4, values=shown | {"entry_on": "2021-03-10"}, by=operator_user)
    assert (row.state, row.form) == ("GOOD", "DISPATCH")
    commit(batch, operator_user)
    assert Delivery.objects.get().employment_form == "DISPATCH"


def test_a_serial_date_of_the_1904_system_outlives_the_correction_of_another_cell(operator_user: User) -> None:
    bad = person(1, entry=(ENTRY - dt.date(1904, 1, 1)).days)
    bad[1] = ""
    batch = staged(operator_user, date1904([bad]))
    row = checking.edit_row(
        batch=batch, row_no=4, values=cells_of(batch.rows.get()) | {"name": "测试甲"}, by=operator_user
    )
    assert (row.state, row.entry_on) == ("GOOD", ENTRY)


def test_correcting_all_says_when_there_is_nothing_registered_to_correct(operator_user: User) -> None:
    batch = staged(operator_user, roster([person(1), person(1, entry=dt.date(2022, 3, 1))]))
    with pytest.raises(Refused, match="逐行选择"):
        checking.decide(batch=batch, decision=Decision.CORRECT, by=operator_user)


@pytest.fixture
def correction(operator_user: User) -> tuple[RosterList, ImportBatch]:
    """A list of one person, and an import that corrects his date."""
    roster_list = filled_list(operator_user, 1)
    batch = staged(operator_user, roster([person(1, entry=dt.date(2021, 4, 1))]), roster_list=roster_list)
    checking.decide(batch=batch, decision=Decision.CORRECT, by=operator_user)
    return roster_list, batch


def test_a_correction_to_what_another_tab_registered_meanwhile_adds_nothing(
    operator_user: User, correction: tuple[RosterList, ImportBatch]
) -> None:
    roster_list, batch = correction
    other = staged(
        operator_user,
        roster([person(1, entry=dt.date(2021, 4, 1)), person(2)]),
        roster_list=roster_list,
        name="乙.xlsx",
    )
    checking.decide(batch=other, decision=Decision.AGAIN, by=operator_user)
    commit(other, operator_user)
    done = commit(batch, operator_user)
    assert (done.added, done.corrected, done.known) == (0, 0, 1)
    assert sorted(Delivery.objects.values_list("entry_on", flat=True)) == [ENTRY, ENTRY, dt.date(2021, 4, 1)]


def test_a_correction_of_a_row_deleted_meanwhile_is_a_new_row(
    operator_user: User, correction: tuple[RosterList, ImportBatch]
) -> None:
    _, batch = correction
    rows.delete_row(delivery=Delivery.objects.get(), by=operator_user)
    done = commit(batch, operator_user)
    assert (done.added, done.corrected, done.known) == (1, 0, 0)
    assert Delivery.objects.get().entry_on == dt.date(2021, 4, 1)


def test_hidden_rows_are_read_and_named(client: Client, operator_user: User) -> None:
    def hide(book: Workbook) -> None:
        book.worksheets[0].row_dimensions[5].hidden = True

    batch = staged(operator_user, roster(people(3), change=hide))
    assert (batch.rows.count(), hidden_rows(batch)) == (3, [5])
    client.force_login(operator_user)
    page = client.get(batch.get_absolute_url()).content.decode()
    assert "隐藏（或被筛选掉）" in page
    assert reverse("roster:import_row", args=[batch.pk, 5]) in page
    checking.drop_row(batch=batch, row_no=5, by=operator_user)
    assert hidden_rows(batch) == []


def test_one_employer_merged_over_all_rows_is_everyones(operator_user: User) -> None:
    rows_ = list(people(3))
    rows_[1][4] = rows_[2][4] = None
    batch = staged(operator_user, roster(rows_, change=lambda book: book.worksheets[0].merge_cells("E4:E6")))
    assert list(batch.rows.values_list("state", "employer_text")) == [("GOOD", EMPLOYER)] * 3


def test_several_sheets_are_asked_about(operator_user: User) -> None:
    data = xlsx({"一月": [HEADER, *people(2)], "二月": [HEADER, person(7)]})
    batch = staged(operator_user, data)
    assert batch.state == BatchState.CHOOSING
    number = next(number for number, name in batch.header["candidates"] if name == "二月")
    batch = reading.read(batch_id=batch.pk, sheet=number)
    assert (batch.state, batch.sheet, batch.rows.count()) == (BatchState.CHECKING, "二月", 1)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(xlsx({"表": [["商品", "价格"], ["苹果", 3]]}), "没有找到", id="不是名册"),
        pytest.param(roster([]), "没有人员", id="没有人员"),
        pytest.param(roster([row[:5] for row in people(2)], header=HEADER[:5]), "缺少", id="缺少一列"),
    ],
)
def test_a_file_that_is_no_roster_says_why(operator_user: User, data: bytes, message: str) -> None:
    batch = staged(operator_user, data)
    assert batch.state == BatchState.FAILED
    assert message in batch.problem


def test_a_file_that_is_no_workbook_is_refused_at_once(operator_user: User) -> None:
    with pytest.raises(Refused, match="PDF"):
        staged(operator_user, b"%PDF-1.7 name")
    assert not ImportBatch.objects.exists()


def test_the_same_file_while_it_is_open_is_the_same_import(operator_user: User) -> None:
    roster_list, data = empty_list(operator_user), roster(people(2))
    first, second = (staged(operator_user, data, roster_list=roster_list) for _ in range(2))
    assert first == second
    assert ImportBatch.objects.count() == 1


def test_reading_twice_stages_once(operator_user: User) -> None:
    batch = staged(operator_user, roster(people(3)))
    reading.read(batch_id=batch.pk)
    assert batch.rows.count() == 3


def test_a_row_asks_of_its_double_however_far_below(operator_user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are written while the next are read: the first of the two is in the database when the second is met."""
    monkeypatch.setattr(staging, "CHUNK", 2)
    rows = [[*person(1), "不清楚"], *[[*person(number), ""] for number in (2, 3, 4)], [*person(1), ""]]
    batch = staged(operator_user, roster([*rows, [*person(5), ""]], header=(*HEADER, "用工形式")))
    found = {row.row_no: [problem[0] for problem in row.problems or ()] for row in batch.rows.all()}
    assert found == {4: ["form", "duplicate"], 5: [], 6: [], 7: [], 8: ["duplicate"], 9: []}


def test_more_people_than_allowed_are_refused_whole(operator_user: User, settings: Any) -> None:
    """They are counted while they are written: what had come in by then is gone again, and the reason stands there."""
    settings.ROSTER_MAX_ROWS = 3
    batch = staged(operator_user, roster(people(5)))
    assert (batch.state, batch.rows.count()) == (BatchState.FAILED, 0)
    assert "超过 3 人" in batch.problem


def test_the_annotated_copy_reads_back(operator_user: User) -> None:
    bad = person(2)
    bad[2] = "5.22E+17"
    batch = staged(operator_user, roster([person(1), bad]))
    out = io.BytesIO()
    assert annotating.annotate(batch=batch, out=out) == 1
    again = staged(operator_user, out.getvalue())
    assert states(again) == {4: "GOOD", 5: "BAD"}


def test_optional_columns_are_kept_and_the_telephone_is_not(operator_user: User) -> None:
    header = (*HEADER, "岗位", "文化程度", "技能等级", "证书号", "离职时间", "联系电话")
    row = [*person(1), "装配工", "初中", "四级", "S001", "2022-01-01", "13000000000"]
    batch = staged(operator_user, roster([row], header=header))
    match(batch, operator_user)
    commit(batch, operator_user)
    found = Delivery.objects.get()
    assert (found.post, found.education, found.skill, found.certificate_no, found.leave_on) == (
        "装配工",
        "初中",
        "四级",
        "S001",
        dt.date(2022, 1, 1),
    )
    assert not StagedRow.objects.exists()


class TestLocked:
    def test_a_locked_list_takes_no_import(self, operator_user: User) -> None:
        roster_list = empty_list(operator_user)
        batch = staged(operator_user, roster(people(1)), roster_list=roster_list)
        match(batch, operator_user)
        lists.lock_list(roster_list=roster_list, by=operator_user)
        for step in (
            lambda: commit(batch, operator_user),
            lambda: staged(operator_user, roster(people(1)), roster_list=roster_list),
            lambda: checking.drop_row(batch=batch, row_no=4, by=operator_user),
        ):
            with pytest.raises(Refused, match="锁定"):
                step()
        assert Delivery.objects.count() == 0

    def test_a_stranger_changes_nothing(self, operator_user: User, stranger_operator: User) -> None:
        batch = staged(operator_user, roster(people(1)))
        with pytest.raises(PermissionDenied):
            commit(batch, stranger_operator)
        with pytest.raises(PermissionDenied):
            staged(stranger_operator, roster(people(1)), roster_list=batch.roster_list)

    def test_a_discarded_import_cannot_be_committed(self, operator_user: User) -> None:
        batch = staged(operator_user, roster(people(1)))
        reading.discard(batch=batch, by=operator_user)
        with pytest.raises(Conflict):
            commit(batch, operator_user)


def test_the_journal_tells_of_the_import_without_numbers(operator_user: User) -> None:
    filled_list(operator_user, 2)
    entries = list(AuditEntry.objects.values_list("action", "detail"))
    assert {"roster.create", "roster.upload", "employer.create", "roster.commit"} <= {action for action, _ in entries}
    assert str(person(1)[2]) not in str(entries)


def test_the_list_knows_its_numbers(operator_user: User) -> None:
    roster_list = filled_list(operator_user, 3)
    roster_list.refresh_from_db()
    found = summary(roster_list)
    assert (found.raw, found.persons, found.pending, found.by_code) == (3, 3, 3, {"E10": 3})


class TestReferences:
    """Foreign keys of deliveries are checked by our own triggers."""

    @pytest.mark.parametrize("column", ["person_id", "employer_id", "operator_id", "roster_list_id", "batch_id"])
    def test_a_delivery_never_names_what_does_not_exist(self, operator_user: User, column: str) -> None:
        filled_list(operator_user, 1)
        row = Delivery.objects.get()
        nowhere = "00000000-0000-0000-0000-000000000001"
        with pytest.raises(IntegrityError, match=column), transaction.atomic():
            Delivery.objects.filter(pk=row.pk).update(**{column: nowhere})
        row.pk, row.entry_on = uuid.uuid4(), dt.date(2020, 1, 1)
        setattr(row, column, nowhere)
        with pytest.raises(IntegrityError, match=column), transaction.atomic():
            row.save(force_insert=True)

    @pytest.mark.parametrize("model", [Person, Employer])
    def test_what_is_named_stays(self, operator_user: User, model: type[Person] | type[Employer]) -> None:
        filled_list(operator_user, 1)
        EmployerAlias.objects.all().delete()
        rows = model.objects.all()
        with pytest.raises(IntegrityError, match="named by deliveries"), transaction.atomic():
            rows._raw_delete(rows.db)  # past Django's own check


def test_a_right_number_is_not_shown_for_correcting_and_is_kept(client: Client, operator_user: User) -> None:
    bad = person(1)
    bad[5] = "2021年3月"
    batch = staged(operator_user, roster([bad, person(2)]))
    client.force_login(operator_user)
    for row_no, number in ((4, bad[2]), (5, person(2)[2])):
        page = client.get(reverse("roster:import_row", args=[batch.pk, row_no])).content.decode()
        assert f"现为 **************{number[14:]}" in page
        assert number[:14] not in page
    row = checking.edit_row(
        batch=batch, row_no=4, values=cells_of(batch.rows.get(row_no=4)) | {"entry_on": "2021-03-10"}, by=operator_user
    )
    assert (row.state, row.id_number) == ("GOOD", bad[2])
