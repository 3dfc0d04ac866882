"""A visitor that follows every link and looks at every kind of page the way a strict reviewer would."""

import re
from collections import Counter, deque
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qsl, urldefrag, urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

WIDTHS = (1440, 820, 390, 320)
VISITS_PER_KIND = 2
LEAVES = {"account_logout"}
DOCUMENTS = {"files:serve", "timeline:hashtag_rss"}
IDENTITIES = re.compile(r"(handle|tag|key|seed|digest|token|uid|.*_?id)$")
COLOURS = ["color-contrast", "link-in-text-block"]
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
LINKS = "() => [...document.querySelectorAll('a[href]')].map(a => a.href)"
PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
EXAMINE = """async (rules) => {
  const options = { resultTypes: ["violations"], ...(rules.length ? { runOnly: { type: "rule", values: rules } } : {}) };
  const { violations } = await axe.run(document, options);
  return violations.map(v => `${v.id} at ${v.nodes.slice(0, 3).map(n => n.target.join(" ")).join("; ")}`);
}"""


@dataclass
class Findings:
    """What was wrong, as sentences; `visited` counts pages by kind, `links` those that were only asked for."""

    problems: list[str] = field(default_factory=list)
    visited: Counter[str] = field(default_factory=Counter)
    links: int = 0


class Crawler:
    """Walks one origin as one visitor: a few pages of each kind in the browser, the other addresses by request."""

    def __init__(self, context: BrowserContext, origin: str, *, examined: set[str]) -> None:
        self.context, self.origin, self.examined = context, origin, examined
        self.findings = Findings()
        self._seen: set[str] = set()

    def walk(self, *starts: str) -> Findings:
        queue = deque(starts)
        page = self.context.new_page()
        self._listen(page)
        while queue:
            address = urldefrag(queue.popleft()).url
            if address in self._seen or not address.startswith(f"{self.origin}/"):
                continue
            self._seen.add(address)
            queue.extend(self._follow(page, address))
        page.close()
        return self.findings

    def _follow(self, page: Page, address: str) -> list[str]:
        view, kind = kind_of(address)
        if view in LEAVES:
            return []
        if view in DOCUMENTS or self.findings.visited[kind] >= VISITS_PER_KIND:
            self._ask(address)
            return []
        self.findings.visited[kind] += 1
        return self._visit(page, address, kind)

    def _ask(self, address: str) -> None:
        """See that an address answers, without a browser's work."""
        self.findings.links += 1
        status = self.context.request.get(address).status
        if status >= 400:
            self._report(f"answered {status}", address)

    def _visit(self, page: Page, address: str, kind: str) -> list[str]:
        page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        answer = page.goto(address, wait_until="load")
        if answer is None or answer.status >= 400:
            self._report(f"answered {answer.status if answer else 'nothing'}", address)
            return []
        links = page.evaluate(LINKS)
        is_new = kind not in self.examined
        self.examined.add(kind)
        if is_new:
            page.evaluate(AXE)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if (over := page.evaluate(OVERFLOW)) > 0:
                self._report(f"{over} px wider than a screen of {width}", address)
            if is_new:
                self._examine(page, address, width)
        return [link for link in links if link.startswith(f"{self.origin}/")]

    def _examine(self, page: Page, address: str, width: int) -> None:
        """Run axe in both themes; in the dark only its rules about colours, as nothing else differs."""
        for theme, rules in (("light", []), ("dark", COLOURS)):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            page.evaluate(PAINTED)
            for violation in page.evaluate(EXAMINE, rules):
                self._report(f"axe {violation} ({theme}, {width})", address)
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
        self.findings.problems.append(f"{address.removeprefix(self.origin)}: {problem}")


def kind_of(address: str) -> tuple[str, str]:
    """Return the view that answers, and the kind of page: the view with whatever is not somebody's identity."""
    parts = urlsplit(address)
    try:
        match = resolve(parts.path)
    except Resolver404:
        return address, address
    view = match.view_name or str(match.func)
    return view, " ".join([view, *_traits(match.kwargs.items()), *_traits(parse_qsl(parts.query))])


def _traits(pairs: Any) -> list[str]:
    """Return what tells one kind from another; long or numbered values tell only one page from another."""
    return sorted(
        name if not str(value).replace("-", "").replace("_", "").isalpha() else f"{name}={value}"
        for name, value in pairs
        if not IDENTITIES.match(name) and name not in ("next", "q", "cursor", "after")
    )
