"""窗口: a clerk enters the file, the unit itself promises, paper copies are counted."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from jinhua_labor.accounts.enums import OrganisationState
from jinhua_labor.accounts.models import Invitation, Organisation, User
from jinhua_labor.accounts.services import register_at_counter
from jinhua_labor.core.errors import Refused
from jinhua_labor.review import services as review_services
from jinhua_labor.review.queries import buttons
from jinhua_labor.review.services import Opinion
from jinhua_labor.review.states import Action, Recommendation, State
from stations.applications.enums import Channel, Slot, TargetKind
from stations.applications.models import Application
from stations.applications.services import counter, defects, submission
from tests.factories import credit_code

from . import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def entered(operator_user: User, centre_clerk: User) -> Application:
    return build.filled(centre_clerk, channel=Channel.COUNTER, operator=operator_user.organisation, paper=True)


def hand_in(application: Application, by: User) -> object:
    return submission.submit(
        application_id=application.pk, by=by, version=build.again(application).review.version, key=uuid.uuid4()
    )


def test_单位未承诺窗口不能提交(entered: Application, centre_clerk: User) -> None:
    with pytest.raises(Refused, match="尚未确认承诺"):
        hand_in(entered, centre_clerk)


def test_承诺只能由单位确认(entered: Application, centre_clerk: User, stranger_operator: User) -> None:
    for other in (centre_clerk, stranger_operator):
        with pytest.raises(PermissionDenied):
            submission.pledge(application_id=entered.pk, signer="测试丁", by=other)


def test_确认后窗口提交且录入人不能初审(entered: Application, centre_clerk: User, operator_user: User) -> None:
    submission.pledge(application_id=entered.pk, signer="测试丁", by=operator_user)
    hand_in(entered, centre_clerk)
    review = review_services.lock(entered.review_id)
    assert review.state == State.SUBMITTED
    with pytest.raises(Refused, match="同事"):
        review_services.transition(
            review,
            Action.SCREEN,
            by=centre_clerk,
            opinion=Opinion("同意", Recommendation.AGREE),
            version=review.version,
        )


def test_单位自行提交窗口件录入人仍不能初审(entered: Application, centre_clerk: User, operator_user: User) -> None:
    build.hand_in(entered, operator_user)
    review = review_services.lock(entered.review_id)
    assert buttons(review, centre_clerk) == (Action.RETURN,)
    agreed = Opinion("同意", Recommendation.AGREE)
    with pytest.raises(Refused, match="同事"):
        review_services.transition(review, Action.SCREEN, by=centre_clerk, opinion=agreed, version=review.version)


def test_单位自行提交窗口件录入人不能标记退回(
    client_for: Callable[[User], Client], entered: Application, centre_clerk: User, operator_user: User
) -> None:
    build.hand_in(entered, operator_user)
    with pytest.raises(Refused, match="同事"):
        defects.mark(
            application_id=entered.pk, kind=TargetKind.FIELD, target="profile", text="请补充。", by=centre_clerk
        )
    with pytest.raises(Refused, match="同事"):
        defects.return_for_supplement(application_id=entered.pk, by=centre_clerk)
    assert "须由同事办理" in client_for(centre_clerk).get(entered.get_absolute_url()).text


def test_确认后窗口又改须重新确认(entered: Application, centre_clerk: User, operator_user: User) -> None:
    submission.pledge(application_id=entered.pk, signer="测试丁", by=operator_user)
    build.put(entered, Slot.M4D, centre_clerk)
    with pytest.raises(Refused, match="重新确认"):
        hand_in(entered, centre_clerk)


def test_确认后改了名册的一行须重新确认(
    client_for: Callable[[User], Client], entered: Application, centre_clerk: User, operator_user: User
) -> None:
    submission.pledge(application_id=entered.pk, signer="测试丁", by=operator_user)
    # The history's clock stands at the test's own transaction: list and promise are dated before it.
    now, hour = dt.datetime.now(dt.UTC), dt.timedelta(hours=1)
    entered.roster_list.deliveries.update(created_at=now - 2 * hour)
    Application.objects.filter(pk=entered.pk).update(pledged_at=now - hour)
    row = entered.roster_list.deliveries.first()
    row.hukou_text = "贵州省示例州示例二县"
    row.save(update_fields=["hukou_text"])
    with pytest.raises(Refused, match="重新确认"):
        hand_in(entered, centre_clerk)
    assert "名册又有改动" in client_for(centre_clerk).get(entered.get_absolute_url()).text
    assert "确认承诺</button>" in client_for(operator_user).get(entered.get_absolute_url()).text
    submission.pledge(application_id=entered.pk, signer="测试丁", by=operator_user)
    assert hand_in(entered, centre_clerk)


def test_另一名工作人员不能改录入的件(entered: Application, centre_second: User) -> None:
    with pytest.raises(PermissionDenied):
        hand_in(entered, centre_second)


@pytest.mark.parametrize(
    ("number", "copies", "complete"),
    [
        pytest.param(1, 1, False, id="营业执照只收1份"),
        pytest.param(4, 1, False, id="管理制度只收1份"),
        pytest.param(7, 2, True, id="身份证2份"),
        pytest.param(5, 1, True, id="清单1份"),
        pytest.param(3, 3, True, id="申请表3份"),
    ],
)
def test_纸质份数(
    entered: Application, centre_clerk: User, operator_user: User, number: int, copies: int, complete: bool
) -> None:
    submission.pledge(application_id=entered.pk, signer="测试丁", by=operator_user)
    counter.receive_paper(application_id=entered.pk, copies={number: copies}, by=centre_clerk)
    if complete:
        assert hand_in(entered, centre_clerk)
    else:
        with pytest.raises(Refused) as refusal:
            hand_in(entered, centre_clerk)
        assert "应收2份，已收1份" in refusal.value.problems[0][0]
        assert "tab=materials" in refusal.value.problems[0][1]


def test_份数由录入人登记(entered: Application, operator_user: User, centre_second: User) -> None:
    for other in (operator_user, centre_second):
        with pytest.raises(PermissionDenied):
            counter.receive_paper(application_id=entered.pk, copies={1: 2}, by=other)


def test_份数页面(client_for: Callable[[User], Client], entered: Application, centre_clerk: User) -> None:
    url = reverse("applications:paper", args=[entered.pk])
    copies = {f"copies_{n}": 2 for n in range(1, 8)}
    assert client_for(centre_clerk).post(url, copies).status_code == 302
    assert dict(entered.paper.values_list("material", "copies")) == dict.fromkeys(range(1, 8), 2)
    answer = client_for(centre_clerk).post(url, {**copies, "copies_1": "-1"})
    assert answer.status_code == 422


def test_窗口登记新单位(client_for: Callable[[User], Client], centre_clerk: User) -> None:
    client, code = client_for(centre_clerk), credit_code(7_000_001)
    answer = client.post(reverse("applications:counter"), {"credit_code": code})
    assert "还没有注册" in answer.text
    answer = client.post(
        reverse("applications:counter_register"),
        {
            "credit_code": code,
            "name": "示例窗口人力资源有限公司",
            "contact_name": "测试庚",
            "contact_phone": "13000000000",
            "consent": "on",
        },
    )
    organisation = Organisation.objects.get(credit_code=code)
    assert (organisation.state, organisation.confirmed_by) == (OrganisationState.ACTIVE, centre_clerk)
    assert Invitation.objects.get(organisation=organisation).is_org_admin
    assert "/account/join/" in answer.text
    answer = client.post(reverse("applications:counter"), {"credit_code": code, "open": "1"})
    assert answer.status_code == 302
    application = Application.objects.get(operator=organisation)
    assert (application.channel, application.review.created_by) == (Channel.COUNTER, centre_clerk)


def test_已注册的代码不能再登记(centre_clerk: User, operator_user: User) -> None:
    with pytest.raises(Refused, match="已经注册"):
        register_at_counter(
            credit_code=operator_user.organisation.credit_code,
            name="示例",
            contact_name="测试庚",
            contact_phone="13000000000",
            licence_no="",
            by=centre_clerk,
        )


def test_窗口只属于中心(client_for: Callable[[User], Client], operator_user: User, bureau_official: User) -> None:
    for user in (operator_user, bureau_official):
        assert client_for(user).get(reverse("applications:counter")).status_code == 403


def test_单位确认页面(client_for: Callable[[User], Client], entered: Application, operator_user: User) -> None:
    client = client_for(operator_user)
    answer = client.get(entered.get_absolute_url())
    assert "窗口录入，请您确认" in answer.text
    url = reverse("applications:pledge", args=[entered.pk])
    answer = client.post(url, {"signer": "测试戊", "pledged": "on"})
    assert answer.status_code == 422
    assert 'value="测试戊"' in answer.text
    assert client.post(url, {"signer": "测试丁", "pledged": "on"}).status_code == 302
    assert build.again(entered).pledged_by == operator_user
