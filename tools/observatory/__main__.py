"""`python -m tools.observatory`: start a demo community behind a certificate and grade every class of pages."""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools import services
from tools.observatory.front import Front, ask

HERE = Path(__file__).resolve().parent
WANTED, LEAST, STAFF = "A+", 130, "administrator"
# Each class once: who looks, and where; every screen of the console comes to these. Nobody is a guest.
PAGES = (
    ("", "/"), ("", "/sign-in/"), ("", "/join/"), ("", "/organisations/"), ("", "/people/"), ("", "/problems/"),
    ("", "/api/"), ("", "/licences/"), ("", "/api/v1/organisations"), ("", "/ui/"),
    (STAFF, "/timeline/"), (STAFF, "/network/"), (STAFF, "/notifications/"), (STAFF, "/settings/"),
    (STAFF, "/api/v1/notifications"),
)  # fmt: skip
# CSP Evaluator counts downwards: 10 high, 20 syntax, 30 medium; from 40 on a finding is only a possibility.
SEVERE = 40


def main() -> int:
    """Print the grade of each page; returns 1 when one is below A+ or its policy has a severe weakness."""
    install()
    known, missed = {"": ""}, 0
    with (
        tempfile.TemporaryDirectory(prefix="guildry-observatory-") as folder,
        product(Path(folder)) as port,
        Front(port, Path(folder)).running() as front,
    ):
        for persona, path in (*PAGES, *((STAFF, path) for path in console(Path(folder)))):
            if persona not in known:
                known[persona] = step_in(port, persona)
            front.path, front.cookie = path, known[persona]
            missed += not show(persona or "guest", path, grade(front))
    return 1 if missed else 0


def console(folder: Path) -> list[str]:
    """Return the address of every screen that is in the console, as the registry of modules knows them."""
    script = (
        "import django; django.setup()\n"
        "from django.urls import reverse\n"
        "from guildry.kernel.points import MODULES\n"
        "print(*(reverse(one.url_name) for one in MODULES if 'console' in one.placement))"
    )
    settings = {"DJANGO_SETTINGS_MODULE": "guildry.config.settings", "GUILDRY_DATA_DIR": str(folder / "data")}
    environment = {**os.environ, "PYTHONPATH": "src", **settings}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def install() -> None:
    """Bring the scanners from the npm registry, once; the list of preloaded sites is not needed for one that is not."""
    scanner = HERE / "node_modules" / "@mdn" / "mdn-http-observatory"
    if not scanner.is_dir():
        print("Installing the scanners", flush=True)
        quiet = ["--ignore-scripts", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(["npm", "install", *quiet], cwd=HERE, check=True)
    preloaded = scanner / "conf" / "hsts-preload.json"
    if not preloaded.exists():
        preloaded.write_text('{"entries": []}')


def show(who: str, path: str, graded: dict[str, object]) -> bool:
    """Print one line, and what is wrong; tell whether the page is as good as it has to be."""
    score, letter = int(str(graded.get("score", 0))), graded.get("grade", "none")
    findings = [f for f in graded.get("findings", []) if f["severity"] < SEVERE]  # type: ignore[attr-defined]
    is_good = letter == WANTED and score >= LEAST and not findings
    sys.stdout.write(f"{'ok ' if is_good else 'BAD'} {letter:<2} {score:>4}  {who:<14} {path}\n")
    if not is_good:
        sys.stdout.write(f"    {json.dumps({**graded, 'findings': findings})}\n")
    return is_good


def grade(front: Front) -> dict[str, object]:
    done = subprocess.run(
        ["node", "scan.mjs", *front.ports],
        cwd=HERE,
        env={**os.environ, "NODE_EXTRA_CA_CERTS": str(front.certificate)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return dict(json.loads(done.stdout)) if done.returncode == 0 else {"error": done.stderr[-600:]}


@contextmanager
def product(folder: Path) -> Iterator[int]:
    """Run a demo community that believes it is at https://localhost; yields its port once it is seeded."""
    port = services.free_port()
    environment = {**os.environ, "GUILDRY_ORIGIN": "https://localhost", "PYTHONPATH": "src"}
    command = ["serve", "--data", str(folder / "data"), "--port", str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "guildry.config", *command], stdout=log, stderr=log, env=environment
        )
    try:
        wait_for(port, process, folder / "log")
        yield port
    finally:
        process.terminate()
        process.wait(timeout=60)


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 300
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            if ask(port, "GET", "/demo/", {}).content.count(b"data-persona"):  # type: ignore[attr-defined]
                return
        except OSError:
            pass
        time.sleep(0.5)
    raise RuntimeError(log.read_text()[-2000:])


def step_in(port: int, persona: str) -> str:
    """Return the cookies of somebody of the demo."""
    page = ask(port, "GET", "/demo/", {})
    text = page.content.decode()  # type: ignore[attr-defined]
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
    form = re.search(rf'<form[^>]*data-persona="{persona}"[^>]*>', text)
    address = re.search(r'action="([^"]+)"', form[0]) if form else None
    if not (token and address):
        raise RuntimeError(f"The demo has no {persona}.")
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": _cookies(page.getheaders())}
    answer = ask(port, "POST", address[1], headers, f"csrfmiddlewaretoken={token[1]}")
    return _cookies(answer.getheaders())


def _cookies(headers: list[tuple[str, str]]) -> str:
    return "; ".join(value.split(";")[0] for name, value in headers if name.lower() == "set-cookie")


if __name__ == "__main__":
    sys.exit(main())
