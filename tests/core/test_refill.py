"""What somebody typed goes back into the form it was sent from, and nothing else of the page changes."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from jinhua_labor.core.refill import refill

PAGE = """<h1>第一件</h1>
<form method="get" action="/a/"><input name="text" value="查询"></form>
<details class="confirm"><summary>退回</summary>
<form method="post" action="/a/back/"><input type="hidden" name="key" value="new"><textarea name="text" rows="4">
旧的</textarea></form></details>
<form method="post" action="/a/step/" class="form"><input type="hidden" name="target" value="1">
<input name="name" value="甲"><input type="password" name="password"><input type="date" name="day" required>
<input type="radio" name="passed" value="yes" checked><input type="radio" name="passed" value="no">
<input type="checkbox" name="lines" value="A1"><input type="checkbox" name="lines" value="B1" checked>
<select name="kind"><option value="">请选择</option>
<option value="X" selected>甲</option><option value="Y">乙</option></select>
<textarea name="text"></textarea></form>
<form method="post" action="/a/step/"><input type="hidden" name="target" value="2"><textarea name="text"></textarea>
<input type="file" name="papers"></form>
<form method="post"><input name="here"><button formaction="/a/other/">另办</button></form>
"""


def filled(typed: str, sent_to: str = "/a/step/", only: tuple[str, ...] = ()) -> str | None:
    return refill(
        PAGE, QueryDict(typed), sent_to=sent_to, here="/a/", told="<p>放回</p>", told_files="<p>重选</p>", only=only
    )


def test_文字_日期_单选_复选_下拉各回其位() -> None:
    page = filled("target=1&name=乙%22&password=x&day=2026-03-01&passed=no&lines=A1&kind=Y&text=%3C写的%26")
    assert page is not None
    for words in (
        'class="form"><p>放回</p><input type="hidden" name="target" value="1">',
        '<input name="name" value="乙&quot;"><input type="password" name="password">',
        '<input type="date" name="day" required value="2026-03-01">',
        '<input type="radio" name="passed" value="yes"><input type="radio" name="passed" value="no" checked>',
        '<input type="checkbox" name="lines" value="A1" checked><input type="checkbox" name="lines" value="B1">',
        '<option value="">请选择</option>\n<option value="X">甲</option><option value="Y" selected>乙</option>',
        '<textarea name="text">\n&lt;写的&amp;</textarea></form>',
    ):
        assert words in page, words
    assert page.count("放回") == 1
    assert page.startswith(PAGE.partition('<form method="post" action="/a/step/"')[0])


def test_折叠的表单随之展开_隐藏的栏目不动() -> None:
    page = filled("text=请补正&key=old", "/a/back/")
    assert page is not None
    assert '<details class="confirm" open>' in page
    assert 'value="new"' in page
    assert '<textarea name="text" rows="4">\n请补正</textarea>' in page


def test_几张同样的表单_以隐藏栏目分辨() -> None:
    page = filled("target=2&text=第二张")
    assert page is not None
    assert '<p>重选</p><input type="hidden" name="target" value="2"><textarea name="text">\n第二张' in page
    assert page.count("第二张") == 1


def test_没有写地址的和按钮另写地址的() -> None:
    for sent_to in ("/a/", "/a/other/"):
        page = filled("here=这里", sent_to)
        assert page is not None
        assert '<input name="here" value="这里">' in page


def test_只放回可以保留的栏目() -> None:
    page = filled("target=1&text=理由", only=("text",))
    assert page is not None
    assert '<input type="radio" name="passed" value="yes" checked>' in page
    assert '<input name="name" value="甲">' in page
    assert "\n理由</textarea>" in page


@pytest.mark.parametrize(("typed", "sent_to"), [("text=x", "/a/gone/"), ("target=3&text=x", "/a/step/")])
def test_已没有这张表单(typed: str, sent_to: str) -> None:
    assert filled(typed, sent_to) is None
