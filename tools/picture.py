"""Take the picture of the README and the home page again: a fresh demo community, seen by one of its members."""

import io
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import ViewportSize, sync_playwright

from tools import services, steps

PICTURE = steps.ROOT / "docs" / "timeline.png"
SMALL: dict[Literal["light", "dark"], Path] = {
    "light": steps.ROOT / "src" / "guildry" / "ui" / "static" / "ui" / "timeline.webp",
    "dark": steps.ROOT / "src" / "guildry" / "ui" / "static" / "ui" / "timeline-dark.webp",
}
PERSONA, PAGE = "freelancer", "/timeline/?tab=latest"
SIZE: ViewportSize = {"width": 1440, "height": 1000}


def picture(arguments: list[str]) -> int:
    """Start a community of its own, step into it, and keep what the Timeline looks like."""
    origin = f"http://localhost:{services.free_port()}"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as data:
        site = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "guildry.config",
                "serve",
                "--port",
                origin.rpartition(":")[2],
                "--data",
                data,
            ],
            env=_environment(),
            stdout=subprocess.DEVNULL,
        )
        try:
            _wait_for(origin, site)
            _take(origin)
        finally:
            site.terminate()
            site.wait(90)
    print(f"Took {PICTURE.relative_to(steps.ROOT)}")
    return 0


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not re.match("GUILDRY_|DJANGO_", name)}
    return kept | {"PYTHONPATH": str(steps.ROOT / "src")}


def _wait_for(origin: str, site: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):
        if site.poll() is not None:
            raise SystemExit("The community ended while it started.")
        try:
            with urllib.request.urlopen(f"{origin}/readyz", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The community was not ready in time.")


def _take(origin: str) -> None:
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--force-color-profile=srgb", "--hide-scrollbars"]
        browser = playwright.chromium.launch(executable_path=services.chromium(), args=options)
        page = browser.new_context(base_url=origin, viewport=SIZE, reduced_motion="reduce").new_page()
        page.goto("/demo/")
        page.locator(f"form[data-persona={PERSONA}] button").click()
        page.wait_for_url("**/timeline/**")
        for theme, small in SMALL.items():
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            page.goto(PAGE)
            page.wait_for_load_state("networkidle")
            seen = page.screenshot()
            Image.open(io.BytesIO(seen)).convert("RGB").save(small, quality=82, method=6)
            if theme == "light":
                PICTURE.write_bytes(seen)
        browser.close()


if __name__ == "__main__":
    steps.main(picture)
