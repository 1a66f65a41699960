"""The settings of a production machine, tried in a process of its own as `manage.py` would start there."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # starts processes with production settings

ROOT = Path(__file__).resolve().parents[2]
LOCAL_ONLY = ("PORTAL_LOCAL", "PORTAL_TESTING", "PORTAL_TODAY", "DEBUG", "DJANGO_ALLOW_ASYNC_UNSAFE")


def key(letter: str) -> str:
    return base64.b64encode(letter.encode() * 32).decode()


PRODUCTION = {
    "SECRET_KEY": "abcdefghijklmnopqrstuvwxyz-0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "FIELD_KEYS": f"k1:{key('a')}",
    "INDEX_KEY": key("b"),
    "AUDIT_KEY": key("c"),
    "ALLOWED_HOSTS": "portal.example.cn",
    "PORTAL_URL": "https://portal.example.cn",
    "BEHIND_TLS_PROXY": "on",
    "TRUSTED_PROXY_COUNT": "1",
}


def manage(*arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in LOCAL_ONLY}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT, env=environment | PRODUCTION | changes, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_上线检查没有任何警告() -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr


def test_本机方式通不过上线检查() -> None:
    done = manage("check", "--deploy", PORTAL_LOCAL="on")
    assert done.returncode == 1
    assert "portal.E002" in done.stderr


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"SECRET_KEY": ""}, "缺少设置 SECRET_KEY", id="没有签名密钥"),
        pytest.param({"FIELD_KEYS": ""}, "缺少设置 FIELD_KEYS", id="没有加密密钥"),
        pytest.param({"AUDIT_KEY": ""}, "缺少设置 AUDIT_KEY", id="没有日志密钥"),
        pytest.param({"DATABASE_URL": ""}, "缺少设置 DATABASE_URL", id="没有数据库"),
        pytest.param({"DATABASE_URL": "sqlite:///portal.db"}, "须指向 PostgreSQL", id="别的数据库"),
        pytest.param({"ALLOWED_HOSTS": ""}, "缺少设置 ALLOWED_HOSTS", id="没有域名"),
        pytest.param({"PORTAL_URL": ""}, "缺少设置 PORTAL_URL", id="没有链接的开头"),
        pytest.param({"PORTAL_TODAY": "2026-03-01"}, "PORTAL_TODAY 只能用于本机", id="移动的日期"),
    ],
)
def test_缺少或不许的设置拒绝启动并说明(changes: dict[str, str], words: str) -> None:
    done = manage("check", **changes)
    assert done.returncode == 1
    assert words in done.stderr
