"""A visitor that follows every link and looks at every kind of page the way a strict reviewer would."""

import re
from collections import Counter, deque
from dataclasses import dataclass, field
from html import unescape
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

from tests.browser.shapes import shapes_of

WIDTHS = (1440, 820, 390, 320)
EXAMINED_WIDTHS = (1440, 390)
LEAVES = {"account_logout"}
DOCUMENTS = {"files:serve", "timeline:hashtag_rss", "api_document", "api_contract_file", "api_client_file"}
IDENTITIES = re.compile(r"(handle|tag|key|seed|digest|token|slug|group|uid|seq|.*_?id)$")
ANCHORS = re.compile(r'<a\b[^>]*?\shref="([^"]+)"')
FIRST_PAGES = 8
TELLING_QUERIES = {"tab", "with", "kind", "state"}
EVERYTHING: dict[str, object] = {}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
LINKS = "() => [...document.querySelectorAll('a[href]')].map(a => new URL(a.getAttribute('href'), document.baseURI).href)"
PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
EXAMINE = """async (options) => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"], ...options });
  return violations.map(v => `${v.id} at ${v.nodes.slice(0, 3).map(n => n.target.join(" ")).join("; ")}`);
}"""


@dataclass
class Findings:
    """What was wrong, as sentences; `visited` counts pages by kind, `links` those that were only asked for."""

    problems: list[str] = field(default_factory=list)
    visited: Counter[str] = field(default_factory=Counter)
    links: int = 0

    @property
    def views(self) -> set[str]:
        return {kind.partition(" ")[0] for kind in self.visited}


@dataclass
class Known:
    """What earlier visitors have seen to: kinds and shapes that axe examined, addresses that are open to everybody."""

    examined: set[str] = field(default_factory=set)
    shapes: set[str] = field(default_factory=set)
    open_to_all: set[str] = field(default_factory=set)


class Crawler:
    """Walks one origin as one visitor: pages of each kind in the browser, the other addresses by request.

    A kind that is new to `known` is visited twice, at every width, and examined by axe at two. So is a page of a known
    kind that holds any element, by its classes and its place, which no examined page held: what is the same for all
    visitors is examined once. The first few pages of every visitor run in the browser whatever is known of them.
    """

    def __init__(self, context: BrowserContext, origin: str, known: Known, *, is_guest: bool = False) -> None:
        self.context, self.origin, self.known, self.is_guest = context, origin, known, is_guest
        self.examined_before = frozenset(known.examined)
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
        is_known = kind in self.examined_before
        if view in DOCUMENTS or self.findings.visited[kind] >= (1 if is_known else 2):
            self._ask(address)
            return []
        self.findings.visited[kind] += 1
        if is_known and len(self._seen) > FIRST_PAGES:
            return self._read(page, address, kind)
        return self._visit(page, address, kind)

    def _read(self, page: Page, address: str, kind: str) -> list[str]:
        """Return the links of a page whose kind was examined before; visit it when it holds what no examined page did."""
        answer = self.context.request.get(address)
        if answer.status >= 400:
            self._report(f"answered {answer.status}", address)
            return []
        text = answer.text()
        if not shapes_of(text) <= self.known.shapes:
            return self._visit(page, address, kind)
        found = [urljoin(answer.url, unescape(link)) for link in ANCHORS.findall(text)]
        return [link for link in found if link.startswith(f"{self.origin}/")]

    def _ask(self, address: str) -> None:
        """See that an address answers, without a browser's work."""
        if address in self.known.open_to_all:
            return
        self.findings.links += 1
        status = self.context.request.get(address).status
        if status >= 400:
            self._report(f"answered {status}", address)
        elif self.is_guest:
            self.known.open_to_all.add(address)

    def _visit(self, page: Page, address: str, kind: str) -> list[str]:
        page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        answer = page.goto(address, wait_until="load")
        if answer is None or answer.status >= 400:
            self._report(f"answered {answer.status if answer else 'nothing'}", address)
            return []
        links, shapes = page.evaluate(LINKS), shapes_of(answer.text())
        is_new = kind not in self.known.examined or not shapes <= self.known.shapes
        self.known.examined.add(kind)
        self.known.shapes |= shapes
        if is_new:
            page.evaluate(AXE)
        for width in WIDTHS if is_new else WIDTHS[-1:]:
            page.set_viewport_size({"width": width, "height": 900})
            if (over := page.evaluate(OVERFLOW)) > 0:
                self._report(f"{over} px wider than a screen of {width}", address)
            if is_new and width in EXAMINED_WIDTHS:
                self._examine(page, address, width)
        return [link for link in links if link.startswith(f"{self.origin}/")]

    def _examine(self, page: Page, address: str, width: int) -> None:
        """Run axe: everything in the light theme, colours again in the dark one."""
        self._run_axe(page, address, "light", width, EVERYTHING)
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        self._run_axe(page, address, "dark", width, COLOURS)
        page.emulate_media(color_scheme="light", reduced_motion="reduce")

    def _run_axe(self, page: Page, address: str, theme: str, width: int, options: dict[str, Any]) -> None:
        page.evaluate(PAINTED)
        for violation in page.evaluate(EXAMINE, options):
            self._report(f"axe {violation} ({theme}, {width})", address)

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
    traits = [f"{name}={value}" for name, value in match.kwargs.items() if not IDENTITIES.match(name)]
    traits += [f"{name}={value}" for name, value in parse_qsl(parts.query) if name in TELLING_QUERIES]
    return view, " ".join([view, *sorted(traits)])
