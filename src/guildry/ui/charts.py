"""Charts drawn as SVG on the server: the plot stretches, labels stay HTML, and a table stands beside each."""

import hashlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

from guildry.ui.icons import draw

Format = Callable[[float], str]
WIDTH, HEIGHT = 1000, 400


@dataclass(frozen=True)
class Series:
    """One row of figures; `style` is area, line or dash (a forecast)."""

    name: str
    values: Sequence[float]
    style: str = "line"


def plain(value: float) -> str:
    """Return a figure with its thousands set apart and no needless decimals."""
    return f"{value:,.10g}".replace("-", "\u2212")


def ticks(highest: float, lines: int = 4) -> list[float]:
    """Return round marks from zero to at least the highest figure."""
    if highest <= 0:
        return [0.0, 1.0]
    rough = highest / lines
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= rough)
    return [index * step for index in range(math.ceil(round(highest / step, 9)) + 1)]


def area(title: str, labels: Sequence[str], series: Sequence[Series], form: Format = plain) -> Markup:
    """Return a line and area chart with its table; `title` says in a sentence what it shows."""
    marks = ticks(max(max(row.values) for row in series))
    drawn = [_grid(marks)]
    for number, row in enumerate(series, 1):
        curve = _curve(row.values, 0, marks[-1], WIDTH, HEIGHT)
        if row.style == "area":
            drawn.append(_gradient(number, f"{title}{number}") + _shade(curve, HEIGHT, f"{title}{number}"))
        dash = " dash" if row.style == "dash" else ""
        drawn.append(f'<path class="line s{number}{dash}" d="{curve}"/>')
    readout = _readout(labels, series, form)
    return _framed(title, drawn, marks, labels, form, readout=readout) + _table(title, labels, series, form)


def bars(title: str, labels: Sequence[str], series: Sequence[Series], form: Format = plain) -> Markup:
    """Return stacked columns with their table; the baseline is zero."""
    totals = [sum(row.values[index] for row in series) for index in range(len(labels))]
    marks = ticks(max(totals))
    slot = WIDTH / len(labels)
    drawn = [_grid(marks)]
    for column in range(len(labels)):
        top = float(HEIGHT)
        for number, row in enumerate(series, 1):
            height = row.values[column] / marks[-1] * HEIGHT
            top -= height
            drawn.append(
                f'<rect class="f{number}" x="{column * slot + slot * 0.22:.1f}" y="{top:.1f}" '
                f'width="{slot * 0.56:.1f}" height="{max(height - 1.5, 0):.1f}"/>'
            )
    return _framed(title, drawn, marks, labels, form, slots=True) + _table(title, labels, series, form)


def donut(title: str, parts: Sequence[tuple[str, float, str]], middle: str, caption: str) -> Markup:
    """Return shares of a whole as a ring with a legend that tells each in words; parts are (name, value, text)."""
    total, round_way, gone = sum(value for _, value, _ in parts) or 1, 2 * math.pi * 43, 0.0
    drawn = []
    for number, (_, value, _) in enumerate(parts, 1):
        length = round_way * value / total
        drawn.append(
            f'<circle class="s{number}" cx="50" cy="50" r="43" '
            f'stroke-dasharray="{max(length - 1.6, 0.5):.2f} {round_way:.2f}" stroke-dashoffset="{-gone:.2f}"/>'
        )
        gone += length
    key = "".join(
        f'<li><span><i class="sw s{number}"></i>{escape(name)}</span><b class="num">{escape(text)}</b></li>'
        for number, (name, _, text) in enumerate(parts, 1)
    )
    return Markup(
        f'<div class="donut"><div><svg viewBox="0 0 100 100" role="img" aria-label="{escape(title)}">{"".join(drawn)}'
        f'</svg><span class="mid"><b class="num">{escape(middle)}</b>{escape(caption)}</span></div>'
        f'<ul class="legend">{key}</ul></div>'
    )


def spark(values: Sequence[float], number: int = 1) -> Markup:
    """Return a small line without axes; it decorates a figure that stands in words beside it."""
    low, high = min(values), max(values)
    margin = (high - low) * 0.12 or 1.0
    curve = _curve(values, low - margin, high + margin, 100, 36)
    name = f"spark{number}{tuple(values)}"
    return Markup(
        f'<svg class="spark" viewBox="0 0 100 36" preserveAspectRatio="none" aria-hidden="true">'
        f'{_gradient(number, name)}{_shade(curve, 36, name)}<path class="line s{number}" d="{curve}"/></svg>'
    )


def ring(value: int, tone: str = "brand", size: str = "md", label: str = "") -> Markup:
    """Return a score from 0 to 100 as a ring."""
    round_way = 2 * math.pi * 42
    meaning = escape(label or f"{value} out of 100")
    return Markup(
        f'<span class="ring ring-{size} is-{tone}" role="img" aria-label="{meaning}"><svg viewBox="0 0 100 100">'
        f'<circle cx="50" cy="50" r="42"/><circle class="v" cx="50" cy="50" r="42" '
        f'stroke-dasharray="{round_way * value / 100:.1f} {round_way:.1f}"/></svg>{value}</span>'
    )


def shares(values: Sequence[float], label: str) -> Markup:
    """Return one bar cut into the shares of a whole."""
    total, x, drawn = sum(values) or 1, 0.0, []
    for number, value in enumerate(values, 1):
        width = value / total * 100
        drawn.append(f'<rect class="f{number}" x="{x:.2f}" width="{max(width - 0.6, 0.4):.2f}" height="10"/>')
        x += width
    return Markup(
        f'<svg class="shares" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(label)}">{"".join(drawn)}</svg>'
    )


def _curve(values: Sequence[float], low: float, high: float, width: float, height: float) -> str:
    last = max(len(values) - 1, 1)
    points = [
        (index * width / last, height - (value - low) / (high - low) * height)
        for index, value in enumerate(values)
    ]
    path = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for (x0, y0), (x1, y1) in pairwise(points):
        middle = (x0 + x1) / 2
        path += f"C{middle:.1f} {y0:.1f} {middle:.1f} {y1:.1f} {x1:.1f} {y1:.1f}"
    return path


def _name(seed: str) -> str:
    return "g" + hashlib.sha256(seed.encode()).hexdigest()[:8]


def _gradient(number: int, seed: str) -> str:
    return (
        f'<defs><linearGradient id="{_name(seed)}" x1="0" y1="0" x2="0" y2="1"><stop class="s{number}" offset="0" '
        f'stop-opacity=".28"/><stop class="s{number}" offset="1" stop-opacity="0"/></linearGradient></defs>'
    )


def _shade(curve: str, height: int, seed: str) -> str:
    return f'<path class="area" fill="url(#{_name(seed)})" d="{curve}V{height}H0Z"/>'


def _grid(marks: Sequence[float]) -> str:
    drawn = ""
    for mark in marks:
        y = HEIGHT - mark / marks[-1] * HEIGHT
        kind = "axis" if mark == 0 else "grid"
        drawn += f'<line class="{kind}" x1="0" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>'
    return drawn


def _framed(
    title: str, drawn: Sequence[str], marks: Sequence[float], labels: Sequence[str], form: Format,
    *, readout: str = "", slots: bool = False,
) -> Markup:  # fmt: skip
    across = "".join(f"<span>{escape(form(mark))}</span>" for mark in reversed(marks))
    along = "".join(f"<span>{escape(label)}</span>" for label in labels)
    return Markup(
        f'<div class="chart"><div class="y" aria-hidden="true">{across}</div><div class="plot">'
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" role="img" aria-label="{escape(title)}">'
        f"{''.join(drawn)}</svg>{readout}</div>"
        f'<div class="x{" slots" if slots else ""}" aria-hidden="true">{along}</div></div>'
    )


def _readout(labels: Sequence[str], series: Sequence[Series], form: Format) -> str:
    columns = ""
    for index, label in enumerate(labels):
        rows = "".join(
            f'<span class="row g-2"><i class="sw s{number}"></i>{escape(row.name)}'
            f'<b class="mla">{escape(form(row.values[index]))}</b></span>'
            for number, row in enumerate(series, 1)
        )
        columns += f"<span><span><b>{escape(label)}</b>{rows}</span></span>"
    return f'<div class="hot" aria-hidden="true">{columns}</div>'


def _table(title: str, labels: Sequence[str], series: Sequence[Series], form: Format) -> Markup:
    heads = "".join(f'<th scope="col" class="r">{escape(row.name)}</th>' for row in series)
    rows = ""
    for index, label in enumerate(labels):
        cells = "".join(f'<td class="r">{escape(form(row.values[index]))}</td>' for row in series)
        rows += f'<tr><th scope="row">{escape(label)}</th>{cells}</tr>'
    return Markup(
        f'<details class="data-alt"><summary class="row g-2">{draw("table-2")}View as table</summary>'
        f'<div class="scroller" role="region" tabindex="0" aria-label="{escape(title)}"><table class="table plain">'
        f'<caption class="vh">{escape(title)}</caption><thead><tr><th scope="col"><span class="vh">When</span></th>'
        f"{heads}</tr></thead><tbody>{rows}</tbody></table></div></details>"
    )
