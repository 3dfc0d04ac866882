"""The stylesheet and the script of the site, one each, and what single frames add; gathered once and kept in memory."""

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.urls import reverse

from guildry.kernel.points import STYLESHEETS, Asset

CORE = ("app-shell", "overlays", "shortcuts")
FOLDER = Path(__file__).parent / "static" / "ui"
LAYERS = "@layer reset, tokens, base, layout, components, features, utilities;\n@view-transition { navigation: auto; }\n"
FONTS = """@font-face { font-family: "Inter Variable"; src: url("%s") format("woff2"); font-weight: 100 900; font-display: swap; }
@font-face { font-family: "Inter Fallback"; src: local("Arial"), local("Liberation Sans"); size-adjust: 107.1%%; ascent-override: 90.4%%; descent-override: 22.5%%; line-gap-override: 0%%; }
"""


class AssetMissing(RuntimeError):
    """A registered stylesheet does not exist; the process must not start."""


@dataclass(frozen=True)
class Bundle:
    """Text of one kind with the digest that names it; `packed` is its gzip form."""

    text: bytes
    packed: bytes
    digest: str


def _bundle(text: str) -> Bundle:
    content = text.encode()
    return Bundle(content, gzip.compress(content, 9, mtime=0), hashlib.sha256(content).hexdigest()[:12])


@cache
def stylesheet() -> Bundle:
    """Return tokens, components and the styles of every app as one; raises AssetMissing."""
    own = [FOLDER / "tokens.css", *sorted((FOLDER / "css").glob("*.css"))]
    apps = [_found(asset) for asset in STYLESHEETS if not asset.frame]
    parts = [path.read_text(encoding="utf-8") for path in [*own, *apps]]
    return _bundle(smaller(LAYERS + FONTS % static("vendor/inter.woff2") + "".join(parts)))


@cache
def frame_stylesheet(frame: str) -> Bundle:
    """Return the styles that only the pages of one frame need; raises KeyError when it has none."""
    parts = [_found(asset).read_text(encoding="utf-8") for asset in STYLESHEETS if asset.frame == frame]
    if not parts:
        raise KeyError(frame)
    return _bundle(smaller("".join(parts)))


@cache
def script() -> Bundle:
    """Return the behaviours that every page has as one module; each file keeps its names to itself."""
    return _bundle("".join(f"{{\n{_source(name)}}}\n" for name in CORE))


@cache
def island(name: str) -> Bundle:
    """Return the behaviour of one component; raises KeyError when there is none of that name."""
    if name not in islands():
        raise KeyError(name)
    return _bundle(_source(name))


@cache
def islands() -> frozenset[str]:
    return frozenset(path.stem for path in (FOLDER / "js").glob("*.js")) - frozenset(CORE)


def _source(name: str) -> str:
    lines = (FOLDER / "js" / f"{name}.js").read_text(encoding="utf-8").splitlines()
    return "".join(f"{line.strip()}\n" for line in lines if not line.lstrip().startswith("//"))


def _found(asset: Asset) -> Path:
    found = finders.find(asset.path)
    if not found:
        raise AssetMissing(f"The stylesheet {asset.path!r} is registered but not there.")
    return Path(found)


def smaller(css: str) -> str:
    """Return the same rules without comments and needless space."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r" ?([{};]) ?", r"\1", css)
    return re.sub(r"([:,]) ", r"\1", css).replace(";}", "}")


@cache
def stylesheet_url() -> str:
    return reverse("ui:stylesheet", kwargs={"digest": stylesheet().digest})


@cache
def frame_stylesheet_url(frame: str) -> str:
    return reverse("ui:frame_stylesheet", kwargs={"frame": frame, "digest": frame_stylesheet(frame).digest})


@cache
def script_url() -> str:
    """Return the address of the script; its digest covers the islands too, which it loads by that name."""
    sources = "".join(_source(name) for name in (*CORE, *sorted(islands())))
    return reverse("ui:script", kwargs={"digest": _bundle(sources).digest})
