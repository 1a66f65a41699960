"""`manage.py verify_audit_chain`: is the journal complete and unchanged?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from jinhua_labor.audit.chain import seal, verify


class Command(BaseCommand):
    help = "校验操作日志的链式摘要；发现缺失或改动时以非零状态退出。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--head", help="先前在别处记下的链尾（64 位十六进制），用于发现末尾被截去")
        parser.add_argument("--seal", action="store_true", help="先把等待中的记录链入")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["seal"]:
            while seal():
                pass
        try:
            head = bytes.fromhex(options["head"]) if options["head"] else None
        except ValueError as error:
            raise CommandError("--head 必须是十六进制。") from error
        report = verify(head=head)
        if report.broken_at is not None:
            raise CommandError(f"操作日志校验失败：{report.reason}。")
        self.stdout.write(
            f"操作日志完整：已链入 {report.sealed} 条，等待 {report.waiting} 条，链尾 {report.head.hex()}"
        )
