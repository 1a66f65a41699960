"""Pages of the roster: who may open them, what they answer, what is kept when something is refused."""

from __future__ import annotations

import datetime as dt
import io
import re

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from jinhua_labor.accounts.models import User
from jinhua_labor.audit.models import AuditEntry
from stations.roster.models import Delivery, ImportBatch, RosterList
from stations.roster.services import lists
from tests.data.people import EMPLOYER, HEADER, id_number, people, person
from tests.data.workbooks import roster, xlsx
from tests.queries import queries

from .build import CODE, add, bring_in, empty_list, extract_file, filled_list, insured, match, staged, upload
from .test_recount import handed_in, paid

pytestmark = pytest.mark.django_db
FULL_NUMBER = re.compile(r"\d{17}[\dXx]")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def client(operator_user: User) -> Client:
    return client_of(operator_user)


def sent(operator_user: User, count: int = 3) -> RosterList:
    """A list the offices may see."""
    roster_list = filled_list(operator_user, count)
    handed_in(roster_list, operator_user, dt.datetime.now(dt.UTC))
    lists.lock_list(roster_list=roster_list, by=operator_user)
    return roster_list


def test_the_whole_way_through_the_pages(client: Client, operator_user: User) -> None:
    roster_list = empty_list(operator_user)
    assert client.get(reverse("roster:upload", args=[roster_list.pk])).status_code == 200
    bad = person(2)
    bad[2] = "5.22E+17"
    data = roster([person(1), bad, person(3)])
    answer = client.post(reverse("roster:upload", args=[roster_list.pk]), {"file": upload(data)}, follow=True)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "身份证号成了科学计数" in page
    assert EMPLOYER in page
    batch = ImportBatch.objects.get()
    answer = client.post(
        reverse("roster:import_employer", args=[batch.pk]),
        {"text": EMPLOYER, "name": EMPLOYER, "credit_code": CODE, "in_district": "1"},
        follow=True,
    )
    assert "提交 2 行，暂存 1 行" in answer.content.decode()
    answer = client.post(
        reverse("roster:import_row", args=[batch.pk, 5]),
        {
            "name": "测试乙",
            "id_number": id_number(sequence=55),
            "hukou": "贵州省",
            "employer": EMPLOYER,
            "entry_on": "2021.3.1",
        },
        follow=True,
    )
    assert "提交 3 行" in answer.content.decode()
    commit = reverse("roster:import_commit", args=[batch.pk])
    for _ in range(2):
        answer = client.post(commit, {"default_form": "DIRECT", "consented": "on"}, follow=True)
        assert answer.status_code == 200
    assert Delivery.objects.filter(roster_list=roster_list).count() == 3
    assert not FULL_NUMBER.search(client.get(reverse("roster:list", args=[roster_list.pk])).content.decode())


def test_the_checking_page_shows_no_full_number(client: Client, operator_user: User) -> None:
    batch = staged(operator_user, roster([person(1), person(1, entry=dt.date(2023, 1, 1))]))
    assert not FULL_NUMBER.search(client.get(reverse("roster:import", args=[batch.pk])).content.decode())


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        pytest.param({"default_form": "DIRECT"}, "告知", id="未勾选告知同意"),
        pytest.param({"consented": "on"}, "用工形式", id="未选用工形式"),
    ],
)
def test_a_commit_without_declaration_says_what_is_missing(
    client: Client, operator_user: User, values: dict[str, str], kept: str
) -> None:
    batch = staged(operator_user, roster(people(1)))
    match(batch, operator_user)
    answer = client.post(reverse("roster:import_commit", args=[batch.pk]), values)
    assert answer.status_code == 422
    assert kept in answer.content.decode()
    assert not Delivery.objects.exists()


def test_what_was_typed_for_an_employer_is_kept(client: Client, operator_user: User) -> None:
    batch = staged(operator_user, roster(people(1)))
    wrong = {"text": EMPLOYER, "name": "示例改名有限公司", "credit_code": "91339999MA0000", "in_district": "0"}
    answer = client.post(reverse("roster:import_employer", args=[batch.pk]), wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "示例改名有限公司" in page
    assert "91339999MA0000" in page
    assert "应为 18 位" in page


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        pytest.param(b"%PDF-1.7", "名册.xlsx", "这是 PDF", id="PDF 改名"),
        pytest.param("姓名,身份证号\n".encode("gbk"), "名册.xlsx", "CSV", id="GBK 文本改名"),
        pytest.param(b"", "名册.xlsx", "空", id="空文件"),
    ],
)
def test_a_hostile_or_wrong_file_is_refused_with_the_reason(
    client: Client, operator_user: User, data: bytes, name: str, message: str
) -> None:
    roster_list = empty_list(operator_user)
    answer = client.post(reverse("roster:upload", args=[roster_list.pk]), {"file": upload(data, name)})
    assert answer.status_code == 422
    assert message in answer.content.decode()


class TestOtherPeople:
    """Somebody else's is 404, a missing right 403, and strangers have data of their own."""

    @pytest.mark.parametrize("name", ["list", "upload", "add", "export"])
    def test_a_stranger_sees_no_list(self, operator_user: User, stranger_operator: User, name: str) -> None:
        filled_list(stranger_operator, 1)
        mine = filled_list(operator_user, 1)
        assert client_of(stranger_operator).get(reverse(f"roster:{name}", args=[mine.pk])).status_code == 404

    @pytest.mark.parametrize("name", ["row", "edit"])
    def test_a_stranger_sees_no_row(self, operator_user: User, stranger_operator: User, name: str) -> None:
        filled_list(operator_user, 1)
        row = Delivery.objects.get()
        assert client_of(stranger_operator).get(reverse(f"roster:{name}", args=[row.pk])).status_code == 404

    @pytest.mark.parametrize(
        "name", ["import", "import_annotated", "import_commit", "import_decide", "import_discard", "import_employer"]
    )
    def test_a_stranger_touches_no_import(self, operator_user: User, stranger_operator: User, name: str) -> None:
        batch = staged(operator_user, roster(people(1)))
        client = client_of(stranger_operator)
        url = reverse(f"roster:{name}", args=[batch.pk])
        assert (client.get(url) if name == "import" else client.post(url)).status_code == 404

    @pytest.mark.parametrize("role", ["association", "finance", "admin"])
    def test_roles_without_a_roster(self, request: pytest.FixtureRequest, operator_user: User, role: str) -> None:
        roster_list = filled_list(operator_user, 1)
        client = client_of(request.getfixturevalue(role))
        assert client.get(reverse("roster:list", args=[roster_list.pk])).status_code == 403
        assert client.get(reverse("roster:index")).status_code == 403

    @pytest.mark.parametrize("role", ["centre_clerk", "bureau_official", "auditor"])
    def test_offices_see_what_was_handed_in(
        self, request: pytest.FixtureRequest, operator_user: User, role: str
    ) -> None:
        draft, handed = filled_list(operator_user, 1), sent(operator_user)
        client = client_of(request.getfixturevalue(role))
        assert client.get(reverse("roster:list", args=[draft.pk])).status_code == 404
        assert client.get(reverse("roster:list", args=[handed.pk])).status_code == 200

    def test_an_auditor_reads_and_changes_nothing(self, operator_user: User, auditor: User) -> None:
        roster_list = sent(operator_user)
        client = client_of(auditor)
        assert client.get(reverse("roster:insurance", args=[roster_list.pk])).status_code == 200
        assert client.post(reverse("roster:recount", args=[roster_list.pk])).status_code == 403
        assert client.get(reverse("roster:export", args=[roster_list.pk])).status_code == 403
        assert client.post(reverse("roster:query", args=[roster_list.pk]), {"purpose": "x"}).status_code == 403

    def test_another_clerk_cannot_change_a_list_of_an_operator(self, operator_user: User, centre_clerk: User) -> None:
        sent(operator_user)
        row = Delivery.objects.filter(roster_list__isnull=False).first()
        assert row is not None
        answer = client_of(centre_clerk).post(reverse("roster:delete", args=[row.pk]))
        assert answer.status_code in (403, 422)
        assert Delivery.objects.filter(pk=row.pk).exists()


class TestNumbers:
    def test_a_number_is_opened_by_a_logged_post(self, client: Client, operator_user: User) -> None:
        filled_list(operator_user, 1)
        row = Delivery.objects.select_related("person").get()
        url = reverse("roster:reveal", args=[row.pk])
        assert client.get(url).status_code == 405
        assert client.post(url).status_code == 422
        answer = client.post(url, {"purpose": "核对证件"})
        assert row.person.id_number in answer.content.decode()
        entry = AuditEntry.objects.get(action="roster.reveal")
        assert (entry.purpose, entry.object_id) == ("核对证件", str(row.pk))

    def test_a_person_is_found_by_his_full_number(self, client: Client, operator_user: User) -> None:
        roster_list = filled_list(operator_user, 3)
        url = reverse("roster:find", args=[roster_list.pk])
        answer = client.post(url, {"id_number": str(person(2)[2])})
        assert answer.status_code == 302
        assert str(person(2)[2]) not in answer["Location"]
        page = client.get(answer["Location"]).content.decode()
        assert page.count('id="row-') == 1
        assert client.post(url, {"id_number": "123"}).status_code == 422

    def test_the_search_over_all_lists_ends_at_ones_own(self, operator_user: User, stranger_operator: User) -> None:
        filled_list(operator_user, 1)
        answer = client_of(stranger_operator).post(reverse("roster:search"), {"id_number": str(person(1)[2])})
        assert "没有找到" in answer.content.decode()

    @pytest.mark.parametrize("kind", ["annex2", "working"])
    def test_an_export_asks_what_for_and_writes_numbers_as_text(
        self, client: Client, operator_user: User, kind: str
    ) -> None:
        roster_list = filled_list(operator_user, 2)
        url = reverse("roster:export", args=[roster_list.pk])
        assert client.post(url, {"kind": kind}).status_code == 422
        answer = client.post(url, {"kind": kind, "purpose": "盖章留存"})
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == person(1)[2]]
        assert [(cell.data_type, cell.number_format) for cell in cells] == [("s", "@")]
        assert AuditEntry.objects.get(action=f"roster.export_{kind}").purpose == "盖章留存"

    def test_an_export_holds_exactly_the_filtered_rows(self, client: Client, operator_user: User) -> None:
        roster_list = filled_list(operator_user, 3)
        url = reverse("roster:export", args=[roster_list.pk])
        assert "将导出 0 行" in client.get(url, {"status": "COUNTED"}).content.decode()
        answer = client.post(url, {"kind": "annex2", "purpose": "核对", "status": "COUNTED"})
        assert str(person(1)[2]).encode() not in answer.content
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        assert sheet.max_row == 4

    def test_a_formula_stays_text(self, client: Client, operator_user: User) -> None:
        roster_list = empty_list(operator_user)
        add(roster_list, operator_user, hukou_text='贵州省=HYPERLINK("http://示例")')
        answer = client.post(reverse("roster:export", args=[roster_list.pk]), {"kind": "annex2", "purpose": "核对"})
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


class TestRows:
    def test_a_row_is_added_corrected_and_deleted(self, client: Client, operator_user: User) -> None:
        roster_list = empty_list(operator_user)
        values = {
            "name": "测试丙",
            "id_number": id_number(sequence=3),
            "hukou_text": "贵州省示例州",
            "employer_name": EMPLOYER,
            "credit_code": CODE,
            "in_district": "on",
            "entry_on": "2021-03-10",
            "employment_form": "DIRECT",
        }
        url = reverse("roster:add", args=[roster_list.pk])
        assert client.post(url, values).status_code == 422, "consent is asked for"
        assert client.post(url, {**values, "consented": "on"}).status_code == 302
        row = Delivery.objects.get()
        page = client.get(reverse("roster:edit", args=[row.pk])).content.decode()
        shown = re.search(r'name="shown" value="(\w+)"', page)
        assert shown is not None
        changed = {**values, "id_number": "", "entry_on": "2021-04-01", "shown": shown[1]}
        assert client.post(reverse("roster:edit", args=[row.pk]), changed).status_code == 302
        stale = client.post(reverse("roster:edit", args=[row.pk]), {**changed, "name": "测试丁"})
        assert stale.status_code == 409
        assert "测试丁" in stale.content.decode(), "what was typed is kept"
        assert client.post(reverse("roster:delete", args=[row.pk])).status_code == 302
        assert not Delivery.objects.exists()
        assert AuditEntry.objects.get(action="roster.row_delete").detail["before"]["name"] == "测试丙"

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            pytest.param({"entry_on": "2099-01-01"}, "晚于今天", id="入职在将来"),
            pytest.param({"id_number": "529999201001010019"}, "身份证号", id="校验码不符"),
            pytest.param({"leave_on": "2020-01-01"}, "离职时间不能早于", id="离职早于入职"),
            pytest.param({"credit_code": "X"}, "应为 18 位", id="信用代码不符"),
        ],
    )
    def test_a_row_that_cannot_stand(
        self, client: Client, operator_user: User, change: dict[str, str], message: str
    ) -> None:
        roster_list = empty_list(operator_user)
        values = {
            "name": "测试丙",
            "id_number": id_number(sequence=3),
            "hukou_text": "贵州省示例州",
            "employer_name": EMPLOYER,
            "credit_code": CODE,
            "entry_on": "2021-03-10",
            "employment_form": "DIRECT",
            "consented": "on",
        }
        answer = client.post(reverse("roster:add", args=[roster_list.pk]), {**values, **change})
        assert answer.status_code == 422
        assert message in answer.content.decode()
        assert not Delivery.objects.exists()

    def test_a_locked_list_cannot_be_changed_by_its_pages(self, client: Client, operator_user: User) -> None:
        roster_list = filled_list(operator_user, 1)
        row = Delivery.objects.get()
        lists.lock_list(roster_list=roster_list, by=operator_user)
        assert client.post(reverse("roster:delete", args=[row.pk])).status_code == 422
        assert client.get(reverse("roster:edit", args=[row.pk])).status_code == 302
        assert Delivery.objects.exists()

    def test_the_page_of_a_row_shows_reasons_months_and_history(self, operator_user: User, centre_clerk: User) -> None:
        roster_list = sent(operator_user, 1)
        row = Delivery.objects.get()
        bring_in(roster_list, centre_clerk, paid(row))
        page = client_of(centre_clerk).get(reverse("roster:row", args=[row.pk])).content.decode()
        assert "2021年3月" in page
        assert "社保系统查询" in page
        assert "计入" in page
        operators = client_of(operator_user).get(reverse("roster:row", args=[row.pk])).content.decode()
        assert "社保系统查询" not in operators, "where the centre asked is its own business"


class TestCentre:
    def test_an_extract_is_brought_in(self, operator_user: User, centre_clerk: User) -> None:
        roster_list = sent(operator_user, 2)
        rows = list(Delivery.objects.order_by("seq"))
        client = client_of(centre_clerk)
        url = reverse("roster:insurance", args=[roster_list.pk])
        data = extract_file([insured(rows[0], 202103), insured(rows[0], 202104)])
        values = {"month_from": "202103", "month_to": "2021年5月", "source": "社保系统查询"}
        answer = client.post(url, {**values, "file": upload(data, "明细.xlsx")}, follow=True)
        assert "查询 2 人，查到 1 人" in answer.content.decode()
        roster_list.refresh_from_db()
        assert (roster_list.counted, roster_list.excluded) == (1, 1)

    @pytest.mark.parametrize(
        "change",
        [
            pytest.param({"month_from": "202106"}, id="起月晚于止月"),
            pytest.param({"month_to": "2021"}, id="不是月份"),
            pytest.param({"source": ""}, id="没有来源"),
        ],
    )
    def test_a_query_is_named_whole(self, operator_user: User, centre_clerk: User, change: dict[str, str]) -> None:
        roster_list = sent(operator_user, 1)
        values = {"month_from": "202103", "month_to": "202105", "source": "查询", **change}
        file = upload(extract_file([]), "明细.xlsx")
        answer = client_of(centre_clerk).post(
            reverse("roster:insurance", args=[roster_list.pk]), {**values, "file": file}
        )
        assert answer.status_code == 422

    def test_the_query_list_holds_names_and_numbers(self, operator_user: User, centre_clerk: User) -> None:
        roster_list = sent(operator_user, 2)
        answer = client_of(centre_clerk).post(reverse("roster:query", args=[roster_list.pk]), {"purpose": "查社保"})
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        assert [cell.value for cell in sheet[2]] == [1, person(1)[1], person(1)[2]]
        assert AuditEntry.objects.get(action="roster.export_query").purpose == "查社保"

    def test_ticked_rows_count(self, operator_user: User, centre_clerk: User) -> None:
        roster_list = sent(operator_user, 2)
        row = Delivery.objects.order_by("seq").first()
        assert row is not None
        client, url = client_of(centre_clerk), reverse("roster:tick", args=[roster_list.pk])
        values = {"month_from": "202103", "month_to": "202104", "source": "窗口查询"}
        assert client.post(url, values).status_code == 422, "nobody ticked"
        assert client.post(url, {**values, "rows": [str(row.pk)]}).status_code == 302
        roster_list.refresh_from_db()
        assert (roster_list.counted, roster_list.pending) == (1, 1)

    def test_a_question_is_settled_on_the_row(self, operator_user: User, centre_clerk: User) -> None:
        roster_list = empty_list(operator_user)
        row = add(roster_list, operator_user, hukou_text="示例州示例县")
        handed_in(roster_list, operator_user, dt.datetime.now(dt.UTC))
        client, url = client_of(centre_clerk), reverse("roster:adjudicate", args=[row.pk])
        assert client.post(url, {"code": "E04", "accepted": "1"}).status_code == 422
        assert client.post(url, {"code": "E04", "accepted": "1", "reason": "户口簿"}).status_code == 302
        row.refresh_from_db()
        assert "E04" not in row.codes
        assert client_of(operator_user).post(url, {"code": "E04"}).status_code == 403


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        pytest.param({}, 3, id="全部"),
        pytest.param({"status": "PENDING"}, 3, id="状态"),
        pytest.param({"status": "COUNTED"}, 0, id="没有的状态"),
        pytest.param({"code": "E10"}, 3, id="原因"),
        pytest.param({"province": "52"}, 3, id="省份"),
        pytest.param({"province": "33"}, 0, id="没有的省份"),
        pytest.param({"q": "测试"}, 3, id="姓名"),
        pytest.param({"status": "x", "employer": "x", "page": "zz"}, 3, id="乱填的条件"),
        pytest.param({"q": "' OR 1=1 --"}, 0, id="特殊字符"),
    ],
)
def test_filters(client: Client, operator_user: User, query: dict[str, str], shown: int) -> None:
    roster_list = filled_list(operator_user, 3)
    answer = client.get(reverse("roster:list", args=[roster_list.pk]), query)
    assert answer.status_code == 200
    assert answer.content.decode().count('<tr id="row-') == shown


def test_the_number_of_queries_does_not_grow_with_rows(client: Client, operator_user: User) -> None:
    numbers = []
    for count in (1, 3):
        roster_list = filled_list(operator_user, count)
        url = reverse("roster:list", args=[roster_list.pk])
        client.get(url)
        numbers.append(len(queries(lambda url=url: client.get(url))))  # type: ignore[misc]
    assert numbers[0] == numbers[1]


def test_the_template_is_handed_out_and_reads_back(client: Client, operator_user: User) -> None:
    data = client.get(reverse("roster:template")).content
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book["附件2"]
    for number, value in enumerate(person(1), start=1):
        sheet.cell(5, number, value)
    out = io.BytesIO()
    book.save(out)
    batch = staged(operator_user, out.getvalue())
    assert list(batch.rows.values_list("state", flat=True)) == ["GOOD"]


def test_a_sheet_is_chosen_on_the_page(client: Client, operator_user: User) -> None:
    roster_list = empty_list(operator_user)
    data = xlsx({"一月": [HEADER, *people(2)], "二月": [HEADER, person(7)]})
    answer = client.post(reverse("roster:upload", args=[roster_list.pk]), {"file": upload(data)}, follow=True)
    assert "选择工作表" in answer.content.decode()
    batch = ImportBatch.objects.get()
    answer = client.post(reverse("roster:import_sheet", args=[batch.pk]), {"sheet": "1"}, follow=True)
    assert "工作表「二月」" in answer.content.decode()
