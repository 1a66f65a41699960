"""`manage.py verify_results`: computes every confirmed sheet again from its snapshot and names any that differs."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.sheets.queries.verifying import verified


class Command(BaseCommand):
    help = "从快照重算全部已确认的评估表，列出与原结果不同的；有不同的，退出码为 1。"

    def handle(self, *args: Any, **options: Any) -> None:
        number = wrong = 0
        for sheet, differences in verified():
            number += 1
            if not differences:
                continue
            wrong += 1
            year = sheet.assessment
            self.stdout.write(f"{year.station.number} 第{year.period_no}年度（第{sheet.round}次评分，{sheet.pk}）：")
            for one in differences:
                self.stdout.write(f"  {one}")
        if wrong:
            raise CommandError(f"重算 {number} 张评估表，{wrong} 张与确认时不同。")
        self.stdout.write(f"重算 {number} 张评估表，全部与确认时相同。")
