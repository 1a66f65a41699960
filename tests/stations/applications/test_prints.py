"""打印件: 附件1, 附件2, 收件回执, 补正通知书; read back from the PDF."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jinhua_labor.accounts.models import User
from jinhua_labor.audit.models import AuditEntry
from jinhua_labor.jobs.models import Job
from jinhua_labor.review import services as review_services
from jinhua_labor.review.services import Opinion
from jinhua_labor.review.states import Action, Recommendation
from stations.applications.models import Application, SubmissionReceipt
from stations.applications.queries import prints
from stations.applications.services.receipts import issue_receipt

from . import build

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def text_of(content: bytes) -> str:
    tool = shutil.which("pdftotext")
    assert tool
    return subprocess.run([tool, "-raw", "-", "-"], input=content, capture_output=True, check=True).stdout.decode()


def flat(content: bytes) -> str:
    return "".join(text_of(content).split())


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_附件1(client_for: SignIn, operator_user: User) -> None:
    application = build.filled(operator_user)
    answer = client_for(operator_user).get(reverse("applications:annex1_pdf", args=[application.pk]))
    text = flat(answer.content)
    assert operator_user.organisation.name in text
    assert "贵州省示例州示例县" in text
    assert "示例县劳务服务有限公司" in text
    assert "测试辛" in text


def test_附件1意见决定后才给申请人(
    client_for: SignIn, operator_user: User, centre_clerk: User, bureau_official: User
) -> None:
    application = build.submitted(operator_user)
    review = review_services.lock(application.review_id)
    review_services.transition(
        review,
        Action.SCREEN,
        by=centre_clerk,
        opinion=Opinion("初审意见甲", Recommendation.AGREE),
        version=review.version,
    )
    url = reverse("applications:annex1_pdf", args=[application.pk])
    assert "初审意见甲" not in flat(client_for(operator_user).get(url).content)
    assert "初审意见甲" in flat(client_for(bureau_official).get(url).content)
    review_services.transition(
        review, Action.APPROVE, by=bureau_official, opinion=Opinion("审核意见乙"), version=review.version
    )
    text = flat(client_for(operator_user).get(url).content)
    assert "初审意见甲" in text
    assert "审核意见乙" in text


def test_附件2须记录(client_for: SignIn, operator_user: User) -> None:
    application = build.filled(operator_user, workers=51)
    client, url = client_for(operator_user), reverse("applications:annex2_pdf", args=[application.pk])
    assert client.get(url).status_code == 405
    answer = client.post(url)
    person = application.roster_list.deliveries.first().person
    assert person.id_number in flat(answer.content)
    entry = AuditEntry.objects.filter(action="application.print_annex2").get()
    assert (entry.actor, entry.purpose) == (operator_user, "打印附件2")


def test_附件2长名册转后台(client_for: SignIn, operator_user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prints, "ANNEX2_INLINE_ROWS", 3)
    application = build.started(operator_user)
    build.deliver(application, 4)
    answer = client_for(operator_user).post(reverse("applications:annex2_pdf", args=[application.pk]))
    job = Job.objects.get(kind="annex2")
    assert answer.url == reverse("jobs:detail", args=[job.pk])

    from stations.applications.printing import print_annex2

    print_annex2(job_id=str(job.pk), application_id=str(application.pk), user_id=str(operator_user.pk))
    job.refresh_from_db()
    assert job.state == "DONE", job.message
    assert job.result.secret
    assert job.result.content_type == "application/pdf"


def test_回执与提交内容一致(
    client_for: SignIn, operator_user: User, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    application = build.filled(operator_user)
    with django_capture_on_commit_callbacks(execute=True):
        event = build.hand_in(application, operator_user)
    number = build.again(application).review.number
    client = client_for(operator_user)
    answer = client.get(reverse("applications:receipt", args=[application.pk, event.pk]), follow=True)
    text = flat(body(answer))
    assert number in text
    for paper in event.detail["papers"]:
        assert paper["sha256"][:32] in text
    assert "申请单位营业执照.png" in text
    kept = issue_receipt(event_id=event.pk)  # once more is the same
    assert SubmissionReceipt.objects.get().pk == kept.pk
    # Without the kept file the same paper is drawn from what the step has frozen.
    SubmissionReceipt.objects.all().delete()
    again = client.get(reverse("applications:receipt", args=[application.pk, event.pk]))
    assert number in flat(again.content)


def test_补正通知书(client_for: SignIn, operator_user: User, centre_clerk: User) -> None:
    application = build.returned(
        build.submitted(operator_user), centre_clerk, ("FIELD", "profile"), ("MATERIAL", "M4C")
    )
    answer = client_for(operator_user).get(reverse("applications:supplement_pdf", args=[application.pk, 1]))
    text = flat(answer.content)
    assert "劳务协作工作站简介" in text
    assert "务工人员管理办法" in text
    assert application.review.number in text
    assert (
        client_for(operator_user).get(reverse("applications:supplement_pdf", args=[application.pk, 2])).status_code
        == 404
    )


@pytest.mark.parametrize("name", ["annex1_pdf", "annex2_pdf", "receipt", "supplement_pdf"])
def test_陌生单位不能打印(client_for: SignIn, operator_user: User, stranger_operator: User, name: str) -> None:
    application: Application = build.submitted(operator_user)
    build.submitted(stranger_operator)
    extra = {"receipt": [application.review.events.get().pk], "supplement_pdf": [1]}.get(name, [])
    url = reverse(f"applications:{name}", args=[application.pk, *extra])
    client = client_for(stranger_operator)
    assert (client.post(url) if name == "annex2_pdf" else client.get(url)).status_code == 404
