"""Design tokens (DTCG 2025.10): the one source of colours, sizes and motion, and the gate for their contrast."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "tokens"
STYLESHEET = Path(__file__).parent / "static" / "ui" / "tokens.css"
DEFAULT_HUE = 268.0
BRAND_CONTRAST = 4.6

Components = tuple[float, float, float]


@dataclass(frozen=True)
class Token:
    kind: str
    value: Any

    @property
    def components(self) -> Components:
        lightness, chroma, hue = self.value["components"]
        return (lightness, chroma, hue)


Theme = dict[str, Token]


@dataclass(frozen=True)
class Failure:
    """A pair of colours that readers could not tell apart well enough."""

    theme: str
    foreground: str
    background: str
    ratio: float
    needed: float


def _read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def _walk(node: dict[str, Any], path: tuple[str, ...] = (), kind: str = "") -> Iterator[tuple[str, Token]]:
    kind = node.get("$type", kind)
    if "$value" in node:
        yield "-".join(path), Token(kind, node["$value"])
        return
    for name, child in node.items():
        if not name.startswith("$"):
            yield from _walk(child, (*path, name), kind)


def base() -> Theme:
    """Return the tokens that every theme shares: space, radius, size, type, motion, order."""
    return dict(_walk(_read("base.tokens.json")))


def themes(hue: float = DEFAULT_HUE) -> dict[str, Theme]:
    """Return the colours of light and dark for a brand hue, with the brand as light as its contrast allows."""
    found = {name: dict(_walk(_read(f"{name}.tokens.json"))) for name in ("light", "dark")}
    return {
        name: {key: _turned(key, token, hue) for key, token in theme.items()} for name, theme in found.items()
    }


def _turned(name: str, token: Token, hue: float) -> Token:
    """Give a colour of the default hue the operator's; white on the brand has to stay readable at any hue."""
    lightness, chroma, own_hue = token.components
    if own_hue == DEFAULT_HUE:
        own_hue = hue
    if name in ("color-brand", "color-brand-hover"):
        lightness = min(lightness, _readable_under_white(chroma, own_hue))
    return Token(token.kind, {**token.value, "components": [lightness, chroma, own_hue]})


def _readable_under_white(chroma: float, hue: float) -> float:
    low, high = 0.2, 0.8
    for _ in range(30):
        middle = (low + high) / 2
        if contrast((1.0, 0.0, 0.0), (middle, chroma, hue)) >= BRAND_CONTRAST:
            low = middle
        else:
            high = middle
    return math.floor(low * 1000) / 1000


def _luminance(colour: Components) -> float:
    """Return the relative luminance (WCAG 2) of an OKLCH colour, clipped to sRGB."""
    lightness, chroma, hue = colour
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
    )
    red, green, blue = (min(1.0, max(0.0, channel)) for channel in linear)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Components, other: Components) -> float:
    """Return the contrast ratio (WCAG 2) of two OKLCH colours, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def failures(hue: float = DEFAULT_HUE) -> list[Failure]:
    """Return the declared pairs that miss their contrast in either theme."""
    found = []
    for name, theme in themes(hue).items():
        for foreground, background, needed in _read("contrast-pairs.json"):
            ratio = contrast(theme[f"color-{foreground}"].components, theme[f"color-{background}"].components)
            if ratio < needed:
                found.append(Failure(name, foreground, background, ratio, needed))
    return found


def _css(token: Token) -> str:
    value = token.value
    match token.kind:
        case "color":
            lightness, chroma, hue = token.components
            alpha = f" / {value['alpha']:g}" if "alpha" in value else ""
            return f"oklch({lightness:g} {chroma:g} {hue:g}{alpha})"
        case "dimension" | "duration":
            return f"{value['value']:g}{value['unit']}"
        case "fontFamily":
            return ", ".join(f'"{family}"' if " " in family else family for family in value)
        case "cubicBezier":
            return f"cubic-bezier({', '.join(f'{number:g}' for number in value)})"
    return f"{value:g}"


def stylesheet(hue: float = DEFAULT_HUE) -> str:
    """Return the tokens as custom properties; each colour is one light-dark() pair."""
    colours = themes(hue)
    lines = [
        "/* Built by `python -m guildry.ui.tokens` from tokens/*.tokens.json. */",
        "@layer tokens {",
        ":root {",
    ]
    lines += [f"  --{name}: {_css(token)};" for name, token in base().items()]
    for name, token in colours["light"].items():
        pair = f"light-dark({_css(token)}, {_css(colours['dark'][name])})"
        lines.append(f"  --{name.removeprefix('color-')}: {pair};")
    return "\n".join([*lines, "}", "}", ""])


def main() -> int:
    """Write the stylesheet; exit with 1 when a pair of colours misses its contrast."""
    found = failures()
    STYLESHEET.write_text(stylesheet(), encoding="utf-8")
    for failure in found:
        print(failure)  # noqa: T201 - this is a command
    return bool(found)


if __name__ == "__main__":
    raise SystemExit(main())
