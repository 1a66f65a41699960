"""What `check` and `check --deploy` say about this installation beyond Django's own checks."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, register

PROCESS_LOCAL_CACHES = ("locmem.LocMemCache", "dummy.DummyCache")


@register(Tags.security)
def shared_cache(**_: Any) -> list[CheckMessage]:
    """The cache must be shared by all processes: rate limits and the mark of a used one-time code lie in it."""
    backend = settings.CACHES["default"]["BACKEND"]
    if backend.endswith(PROCESS_LOCAL_CACHES):
        return [
            Error(
                "缓存不能只在单个进程内有效：登录限速和一次性验证码会因此失效。",
                hint="把 CACHES['default'] 设为 DatabaseCache（并运行 createcachetable）。",
                id="portal.E001",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def antivirus(**_: Any) -> list[CheckMessage]:
    """Tells, without failing, whether uploads are scanned."""
    if settings.CLAMD_SOCKET:
        return []
    return [Info("没有设置 CLAMD_SOCKET：上传的文件不做病毒扫描，只做格式检查与清理。", id="portal.I001")]


@register(Tags.security, deploy=True)
def local_mode(**_: Any) -> list[CheckMessage]:
    """A production machine never runs in the local mode (plain http, movable clock)."""
    return [Error("PORTAL_LOCAL 只能用于本机试用。", id="portal.E002")] if settings.LOCAL else []


@register(Tags.security)
def distinct_keys(**_: Any) -> list[CheckMessage]:
    """Keys of different purposes must differ: one that leaks must not open the others."""
    keys = [*settings.FIELD_KEYS.values(), settings.INDEX_KEY, settings.AUDIT_KEY]
    if len(set(keys)) < len(keys) or any(len(key) != 32 for key in keys):
        return [Error("FIELD_KEYS、INDEX_KEY、AUDIT_KEY 必须互不相同，且各为 32 字节。", id="portal.E003")]
    return []
