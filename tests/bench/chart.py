"""Charts as SVG, written by hand: bars for comparisons, small line charts for series. No library needed."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape

_COLOURS = ("#2563eb", "#d97706", "#059669", "#9333ea", "#64748b")
_STYLE = (
    'font-family="system-ui,sans-serif" font-size="13"',
    '<rect width="100%" height="100%" fill="#ffffff"/>',
)


@dataclass(frozen=True, slots=True)
class Bar:
    """A value with its name; bars of one `group` share its heading. `strong` is drawn in the first colour."""

    group: str
    name: str
    value: float
    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """A line chart: each series is a name and its points."""

    title: str
    series: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    x_title: str = ""
    log_x: bool = False


def bars(title: str, values: Sequence[Bar], width: int = 760) -> str:
    """Horizontal bars, each group on a scale of its own."""
    left, top, height = 150, 44, 24
    parts, y, group = [_text(16, 26, title, size=16, weight="600")], top, None
    for bar in values:
        if bar.group != group:
            group = bar.group
            parts.append(_text(16, y + 22, group, weight="600"))
            y += 32
        most = max(other.value for other in values if other.group == group) or 1
        length = max(1.0, (width - left - 190) * bar.value / most)
        colour = _COLOURS[0] if bar.strong else "#94a3b8"
        parts.append(_text(left - 8, y + 15, bar.name, anchor="end"))
        parts.append(f'<rect x="{left}" y="{y + 2}" width="{length:.1f}" height="{height - 6}" fill="{colour}"/>')
        parts.append(_text(left + length + 6, y + 15, bar.text))
        y += height
    return _svg(width, y + 16, parts)


def lines(title: str, panels: Sequence[Panel], columns: int = 2) -> str:
    """Small line charts in a grid; every y axis begins at 0."""
    width, height = 440, 230
    parts = [_text(16, 26, title, size=16, weight="600")]
    for number, panel in enumerate(panels):
        x, y = number % columns * width, 40 + number // columns * height
        parts.append(f'<g transform="translate({x},{y})">{"".join(_panel(panel, width, height))}</g>')
    rows = math.ceil(len(panels) / columns)
    return _svg(width * min(columns, len(panels)), 40 + rows * height, parts)


def _panel(panel: Panel, width: int, height: int) -> list[str]:
    left, right, top, bottom = 64, width - 16, 44, height - 34
    points = [point for series in panel.series.values() for point in series]
    scale: Callable[[float], float] = math.log10 if panel.log_x else float
    first, last = min(scale(x) for x, _ in points), max(scale(x) for x, _ in points)
    most = _ceiling(max(y for _, y in points))

    def place(x: float, y: float) -> str:
        across = (scale(x) - first) / (last - first) if last > first else 0.5
        return f"{left + across * (right - left):.1f},{bottom - y / most * (bottom - top):.1f}"

    parts = [_text(left - 48, 18, panel.title, weight="600")]
    for part in (0.0, 0.5, 1.0):
        level = bottom - part * (bottom - top)
        parts.append(f'<path d="M{left} {level:.1f}H{right}" stroke="#e2e8f0"/>')
        parts.append(_text(left - 6, level + 4, _short(most * part), anchor="end", size=11))
    for x in sorted({x for x, _ in points}) if panel.log_x else (min(points)[0], max(points)[0]):
        parts.append(_text(float(place(x, 0).split(",")[0]), bottom + 16, _short(x), anchor="middle", size=11))
    parts.append(_text((left + right) / 2, bottom + 30, panel.x_title, anchor="middle", size=11))
    for number, (name, series) in enumerate(panel.series.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        path = " ".join(place(x, y) for x, y in series)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for point in path.split():
            across, down = point.split(",")
            parts.append(f'<circle cx="{across}" cy="{down}" r="2.5" fill="{colour}"/>')
        if len(panel.series) > 1:
            parts.append(_text(left + number * 120, 36, name, size=11, colour=colour))
    return parts


def _ceiling(value: float) -> float:
    """The next round number: 1, 2, 4, 6, 8 or 10 times a power of ten."""
    if value <= 0:
        return 1.0
    power: float = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 4, 6, 8, 10) if step * power >= value * 0.999)


def _short(value: float) -> str:
    for unit, size in (("M", 1e6), ("k", 1e3)):
        if abs(value) >= size:
            return f"{value / size:.3g}{unit}"
    return f"{value:.2g}" if abs(value) < 10 else f"{value:.3g}"


def _text(
    x: float,
    y: float,
    text: str,
    *,
    anchor: str = "start",
    size: int = 13,
    weight: str = "400",
    colour: str = "#0f172a",
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" font-weight="{weight}"'
        f' fill="{colour}">{escape(text)}</text>'
    )


def _svg(width: int, height: int, parts: Sequence[str]) -> str:
    style, background = _STYLE
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" {style}>'
    return "\n".join([head, background, *parts, "</svg>"]) + "\n"
