"""`manage.py recount_district [--station JD-2021-001]`: counts every station's workers anew and says what changed."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from stations.registry.models import Station
from stations.roster.enums import RecountCause
from stations.roster.services import recount_station


class Command(BaseCommand):
    help = "重新核算全区（或一个工作站）的输送人数，列出变化；可以重复运行。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--station", default="", help="站点编号，如 JD-2021-001；不写则为全区")

    def handle(self, *args: Any, **options: Any) -> None:
        station = None
        if options["station"]:
            station = Station.objects.filter(number=options["station"]).first()
            if station is None:
                raise CommandError(f"没有编号为 {options['station']} 的工作站。")
        said = [0.0]

        def told(done: int, total: int, message: str) -> None:
            if time.monotonic() - said[0] >= 1 and self.stderr.isatty():
                said[0] = time.monotonic()
                self.stderr.write(f"{message} {done}/{total}")

        recount = recount_station.begin(station=station, cause=RecountCause.COMMAND, by=None)
        found = recount_station.run(recount=recount, progress=told)
        self.stdout.write(
            f"截至 {found.as_of}：{found.stations} 个工作站 {found.rows} 行，{found.changed} 行有变化。\n"
            f"计入 {found.counted_before} → {found.counted}，待核 {found.pending_before} → {found.pending}，"
            f"不计 {found.excluded_before} → {found.excluded}。\n"
            f"变化明细见页面 {found.get_absolute_url()}"
        )
