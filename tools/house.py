"""The laws of the house that no import rule can see: file names, purity, edges, caps and privacy."""

import ast
import re
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools import steps

SOURCE = steps.ROOT / "src" / "guildry"
GROUPS = ("platform", "people", "money", "community", "market", "ops")
SINGLES = ("site", "ui", "config", "kernel")
ANATOMY = frozenset(
    ("__init__", "apps", "rules", "events", "models", "queries", "actions", "tasks", "forms", "views", "api")
) | {"realtime", "urls", "seeds", "commands"}
# Seams that a library or the server names, so the house cannot: each entry is one conversation with it.
EXTRA = {
    "platform.upgrades": {"executor"},
    "platform.lifecycle": {"serving", "graph", "bridge"},
    "platform.jobs": {"backend", "worker"},
    "platform.health": {"sampler"},
    "platform.telemetry": {"recorder", "exporter"},
    "platform.perimeter": {"middleware"},
    "platform.mail": {"backend"},
    "platform.realtime": {"gateway", "middleware"},
    "people.accounts": {"hashers", "sessions", "adapters", "middleware"},
    "ops.schemas": {"hive"},
    "ops.backups": {"archive", "engines"},
    "ops.contracts": {"differ", "clients"},
}
DOMAIN = {"rules", "events", "models", "queries", "actions", "tasks", "seeds"}
EDGE = {"views", "api", "realtime", "forms", "urls", "commands"}
PUBLIC = {"actions", "queries", "events", "models"}
ORM_WRITES = {"objects", "save", "bulk_create", "filter", "get_or_create", "update_or_create"}
MAX_FILE, MAX_FUNCTION, MAX_COMMENTS = 400, 40, 0.06


@dataclass(frozen=True)
class Violation:
    path: Path
    line: int
    law: str

    def __str__(self) -> str:
        shown = self.path.relative_to(steps.ROOT) if self.path.is_relative_to(steps.ROOT) else self.path
        return f"{shown}:{self.line}: {self.law}"


@dataclass(frozen=True)
class Module:
    """A parsed file: `app` is "people.network" or "ui", `role` is the anatomy name of the file or its package."""

    path: Path
    app: str
    role: str
    tree: ast.Module
    text: str

    @classmethod
    def read(cls, path: Path, source: Path = SOURCE) -> "Module":
        parts = path.relative_to(source).with_suffix("").parts
        depth = 2 if parts[0] in GROUPS and len(parts) > 2 else 1
        role = parts[depth] if len(parts) > depth else "__init__"
        text = path.read_text()
        return cls(path, ".".join(parts[:depth]), role, ast.parse(text), text)

    def violation(self, node: ast.AST | int, law: str) -> Violation:
        return Violation(self.path, node if isinstance(node, int) else getattr(node, "lineno", 1), law)

    def imports(self) -> Iterator[tuple[ast.AST, str]]:
        """Yield every imported name in full, so `from a.b import c` is "a.b.c"."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


def file_names(module: Module) -> Iterator[Violation]:
    if module.app.split(".")[0] in ("kernel", "ui", "config") or "migrations" in module.path.parts:
        return
    if module.role not in ANATOMY | EXTRA.get(module.app, set()):
        yield module.violation(1, f"No room of an app is called {module.role!r}.")


def docstrings(module: Module) -> Iterator[Violation]:
    if "migrations" not in module.path.parts and not ast.get_docstring(module.tree):
        yield module.violation(1, "A module begins with one sentence that says what it is.")


def no_http_in_domain(module: Module) -> Iterator[Violation]:
    if module.role not in DOMAIN:
        return
    for node, name in module.imports():
        if name.startswith(("django.http", "django.shortcuts", "django.views", "ninja", "socketio")):
            yield module.violation(node, f"{module.role} knows nothing of HTTP, yet imports {name}.")


def no_orm_at_edge(module: Module) -> Iterator[Violation]:
    if module.role not in EDGE or module.app in ("ui", "config"):
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and node.attr in ORM_WRITES - {"filter"}:
            yield module.violation(node, f"{module.role} calls actions and queries, not .{node.attr}.")


def pure_rules(module: Module) -> Iterator[Violation]:
    if module.role != "rules":
        return
    own = f"guildry.{module.app}.rules"
    for node, name in module.imports():
        top = name.split(".")[0]
        if not (top in sys.stdlib_module_names or name.startswith(("guildry.kernel", own))):
            yield module.violation(node, f"Rules are pure, yet import {name}.")
        if name == "guildry.kernel.clock" or name.startswith("guildry.kernel.clock."):
            yield module.violation(node, "Rules take the time as an argument; they do not read the clock.")


def privacy(module: Module) -> Iterator[Violation]:
    if module.app in ("config", "kernel"):
        return
    for node, name in module.imports():
        parts = name.split(".")
        if parts[0] != "guildry" or len(parts) < 4 or parts[1] not in GROUPS:
            continue
        app, role = f"{parts[1]}.{parts[2]}", parts[3]
        if app != module.app and role not in PUBLIC:
            yield module.violation(
                node, f"{app}.{role} is private; other apps see {', '.join(sorted(PUBLIC))}."
            )


def one_clock(module: Module) -> Iterator[Violation]:
    if module.path.name == "clock.py":
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in (
                "timezone.now",
                "datetime.now",
                "datetime.utcnow",
                "datetime.datetime.now",
                "date.today",
            ):
                yield module.violation(node, f"The time comes from kernel.clock, not {called}().")
            if any(k.arg in ("auto_now", "auto_now_add") for k in node.keywords):
                yield module.violation(node, "Actions set times from kernel.clock; fields do not.")


def one_environment(module: Module) -> Iterator[Violation]:
    if module.app == "config":
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("os.environ", "os.getenv", "os.putenv"):
            yield module.violation(node, "Only config.environment reads the environment.")


def caps(module: Module) -> Iterator[Violation]:
    lines = module.text.count("\n")
    if "migrations" in module.path.parts:
        return
    if lines > MAX_FILE:
        yield module.violation(
            1, f"{lines} lines; is this two apps, or a package split by noun? The cap is {MAX_FILE}."
        )
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > MAX_FUNCTION:
                yield module.violation(node, f"{node.name} has {length} lines; the cap is {MAX_FUNCTION}.")


def comments(module: Module) -> Iterator[Violation]:
    with module.path.open("rb") as file:
        found = [t for t in tokenize.tokenize(file.readline) if t.type == tokenize.COMMENT and _is_prose(t)]
    lines = module.text.count("\n")
    if len(found) > max(3, lines * MAX_COMMENTS):
        yield module.violation(found[0].start[0], f"{len(found)} comments in {lines} lines; say it in code.")
    for token in found:
        if re.search(r"\b(TODO|FIXME|XXX|HACK)\b", token.string):
            yield module.violation(token.start[0], "Do it now or write an issue.")


def _is_prose(token: tokenize.TokenInfo) -> bool:
    return not re.match(r"#\s*(noqa|type:|fmt:|pragma:|!)", token.string)


def actors_first(module: Module) -> Iterator[Violation]:
    if module.role != "actions":
        return
    for node in module.tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            positional = [*node.args.posonlyargs, *node.args.args]
            if not positional or positional[0].arg != "actor" or len(positional) > 1 or node.args.vararg:
                yield module.violation(
                    node, f"{node.name}: the actor comes first, everything else by keyword."
                )


LAWS = (
    file_names, docstrings, no_http_in_domain, no_orm_at_edge, pure_rules, privacy, one_clock, one_environment, caps,
    comments, actors_first,
)  # fmt: skip

MARKUP_LAWS = (
    (re.compile(r"\sstyle\s*="), "Styles live in stylesheets; an attribute is blocked by the policy."),
    (re.compile(r"\son[a-z]+\s*=\s*[\"']"), "Behaviour lives in modules; an inline handler is blocked by the policy."),
    (re.compile(r"hx-on|hx-vals=[\"']js:"), "Only declarative htmx attributes."),
    (re.compile(r"<script(?![^>]*\b(src|type=\"(application/ld\+json|speculationrules|application/json)\"))"), "No inline script."),
    (re.compile(r"<style[\s>]"), "No inline stylesheet."),
    (re.compile(r"(href|src)=[\"']https?://(?!\{\{)[^\"']*\.(js|css|woff2?|png|svg)"), "No third-party asset."),
    (re.compile(r"\|\s*safe\b"), "Markup is made by functions that return Markup, never declared safe in a template."),
    (re.compile(r"href=[\"']#[\"']"), "A link goes somewhere."),
)  # fmt: skip

STYLE_LAWS = (
    (re.compile(r"(?<![-\w])(margin|padding|border)-(left|right)\b|(?<![-\w])(left|right)\s*:"), "Logical properties only."),
    (re.compile(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)"), "Colours are tokens."),
)  # fmt: skip


def markup(path: Path, laws: tuple[tuple[re.Pattern[str], str], ...]) -> Iterator[Violation]:
    for number, line in enumerate(path.read_text().splitlines(), 1):
        yield from (Violation(path, number, law) for pattern, law in laws if pattern.search(line))


def violations(source: Path = SOURCE) -> Iterator[Violation]:
    """Yield everything below `source` that breaks a law."""
    for path in sorted(source.rglob("*.py")):
        module = Module.read(path, source)
        for law in LAWS:
            yield from law(module)
    for path in sorted(source.rglob("templates/**/*.html")):
        yield from markup(path, MARKUP_LAWS)
    for path in sorted(source.rglob("static/**/*.css")):
        if "vendor" not in path.parts and path.name != "tokens.css":
            yield from markup(path, STYLE_LAWS)


def main(arguments: list[str]) -> int:
    """Print every violation; exit with 1 when there is one."""
    found = list(violations())
    for violation in found:
        print(violation)
    print(f"{len(found)} violations of the house" if found else "The house stands.")
    return 1 if found else 0


if __name__ == "__main__":
    steps.main(main)
