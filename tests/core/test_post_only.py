"""An address that only takes posts, opened in a browser: a reload, a sign-in in between, a link of a refused form."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from jinhua_labor.accounts.models import User
from tests.stations.applications import build

pytestmark = pytest.mark.django_db

BROWSER = {"accept": "text/html,application/xhtml+xml;q=0.9"}


@pytest.mark.parametrize(
    ("name", "query", "lands"),
    [
        pytest.param("save", "?tab=materials", "?tab=materials", id="保存申请表后点下一步"),
        pytest.param("material_add", "", "", id="上传被拒后刷新"),
        pytest.param("paper", "?tab=roster", "?tab=roster", id="上一级也只收提交"),
    ],
)
def test_回到所在的页面(
    client_for: Callable[[User], Client], operator_user: User, name: str, query: str, lands: str
) -> None:
    application = build.started(operator_user)
    url = reverse(f"applications:{name}", args=[application.pk]) + query
    answer = client_for(operator_user).get(url, headers=BROWSER, follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain[-1][0] == f"{application.get_absolute_url()}{lands}"


def test_程序仍得到405(client_for: Callable[[User], Client], operator_user: User) -> None:
    url = reverse("applications:save", args=[build.started(operator_user).pk])
    assert client_for(operator_user).get(url).status_code == 405
    assert client_for(operator_user).put(url, headers=BROWSER).status_code == 405
