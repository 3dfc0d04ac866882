"""A visitor that follows every link and looks at every page the way a strict reviewer would."""

from collections import Counter, deque
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

WIDTHS = (320, 390, 820, 1440)
VISITS_PER_VIEW = 2
SKIPPED_VIEWS = {"account_logout"}
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
LINKS = "() => [...document.querySelectorAll('a[href]')].map(a => a.href)"


@dataclass
class Findings:
    """What was wrong, as sentences; `visited` counts pages by view."""

    problems: list[str] = field(default_factory=list)
    visited: Counter[str] = field(default_factory=Counter)


class Crawler:
    """Walks one origin in one signed-in browser context; each view is visited a few times, axe runs once a view."""

    def __init__(self, context: BrowserContext, origin: str, *, already_checked: set[str]) -> None:
        self.context, self.origin, self.already_checked = context, origin, already_checked
        self.findings = Findings()
        self._seen: set[str] = set()

    def walk(self, *starts: str) -> Findings:
        queue = deque(starts)
        page = self.context.new_page()
        self._listen(page)
        while queue:
            address = queue.popleft()
            if not self._is_due(address):
                continue
            for link in self._visit(page, address):
                queue.append(link)
        page.close()
        return self.findings

    def _is_due(self, address: str) -> bool:
        """Tell whether this address is ours, new, and its view not yet visited often enough."""
        address = urldefrag(address).url
        if not address.startswith(self.origin) or address in self._seen:
            return False
        self._seen.add(address)
        view = view_of(address)
        if view in SKIPPED_VIEWS:
            return False
        self.findings.visited[view] += 1
        return self.findings.visited[view] <= VISITS_PER_VIEW

    def _visit(self, page: Page, address: str) -> list[str]:
        answer = page.goto(address, wait_until="load")
        if not self._is_page(answer, address):
            return []
        view = view_of(address)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if (over := page.evaluate(OVERFLOW)) > 0:
                self._report(f"{over} px wider than a screen of {width}", address)
        if view not in self.already_checked:
            self.already_checked.add(view)
            self._check_accessibility(page, address)
        return [urldefrag(link).url for link in page.evaluate(LINKS)]

    def _is_page(self, answer: Response | None, address: str) -> bool:
        if answer is None:
            self._report("no answer", address)
            return False
        if answer.status >= 400:
            self._report(f"answered {answer.status}", address)
            return False
        return "text/html" in answer.headers.get("content-type", "")

    def _check_accessibility(self, page: Page, address: str) -> None:
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            for violation in Axe().run(page).response["violations"]:
                nodes = "; ".join(str(node["target"]) for node in violation["nodes"][:3])
                self._report(f"axe {violation['id']} ({theme}): {nodes}", address)
        page.emulate_media(color_scheme="light", reduced_motion="reduce")

    def _listen(self, page: Page) -> None:
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self._report(f"script error: {error}", page.url))
        page.on("request", self._on_request)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._report(f"console: {message.text[:200]}", message.page.url if message.page else "")

    def _on_request(self, request: Request) -> None:
        if request.url.endswith("/csp-report"):
            self._report("the policy was violated", request.frame.url)
        if urlsplit(request.url).scheme in ("http", "https") and not request.url.startswith(self.origin):
            self._report(f"asks a third party: {request.url}", request.frame.url)

    def _report(self, problem: str, address: str) -> None:
        self.findings.problems.append(f"{urlsplit(address).path}: {problem}")


def view_of(address: str) -> str:
    """Return the name of the view that answers, so that pages of one kind count as one."""
    try:
        match = resolve(urlsplit(address).path)
    except Resolver404:
        return address
    return match.view_name or str(match.func)
