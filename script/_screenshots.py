"""The home page of each role, as the README shows them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import django
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "docs" / "screenshots"
HOMES = {"home-operator": "jia", "home-centre": "chushen", "home-bureau": "shenhe", "home-public": ""}
SIZE = {"width": 1280, "height": 860}


def main() -> None:
    address = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jinhua_labor.settings")
    django.setup()
    from jinhua_labor.demo.accounts import PASSWORD

    OUT.mkdir(exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"))
        for name, username in HOMES.items():
            page = browser.new_page(viewport=SIZE, locale="zh-CN")
            page.goto(f"{address}/account/login/" if username else f"{address}/")
            if username:
                page.fill("[name=login]", username)
                page.fill("[name=password]", PASSWORD)
                page.click("main button[type=submit]")
                page.wait_for_url("**/home/")
            page.wait_for_timeout(600)  # the charts draw themselves in
            page.screenshot(path=OUT / f"{name}.png")
            print(OUT.relative_to(ROOT) / f"{name}.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
