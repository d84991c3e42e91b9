"""How large an exported file will about be."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from restorer_app.export import ExportSettings

# Median bytes per pixel of twelve clean photographs and drawings, written by `engine.saving.save`;
# single ones lay between 0.6 and 1.9 times of it.
_BY_QUALITY: dict[str, tuple[tuple[int, float], ...]] = {
    ".jpg": ((1, 0.02), (60, 0.15), (75, 0.21), (85, 0.29), (92, 0.42), (95, 0.53), (98, 0.68),
             (100, 0.99)),
    ".webp": ((1, 0.01), (60, 0.12), (75, 0.15), (85, 0.22), (95, 0.40), (100, 1.05)),
    ".avif": ((1, 0.01), (60, 0.13), (75, 0.22), (85, 0.28), (95, 0.49), (100, 0.95)),
}  # fmt: skip
_BY_BITS: dict[str, dict[int, float]] = {
    ".png": {8: 1.6, 16: 5.3},
    ".tif": {8: 1.6, 16: 5.3, 32: 9.1},
    ".dng": {8: 4.5},  # it has one depth
}
_SAME = {".jpeg": ".jpg", ".jpe": ".jpg", ".jfif": ".jpg", ".tiff": ".tif"}


def estimated_bytes(megapixels: float, settings: ExportSettings, suffix: str) -> int:
    """An estimate for a picture of that size; a factor of two off is possible.

    `suffix` is one that can be written. A depth that the format lacks counts as the next lower
    one, and that of the source as 8 bits.
    """
    ending = _SAME.get(suffix.lower(), suffix.lower())
    if ending in _BY_QUALITY:
        per_pixel = _between(_BY_QUALITY[ending], settings.quality)
    else:
        depths = _BY_BITS[ending]
        per_pixel = depths[max(depth for depth in depths if depth <= max(settings.bits, 8))]
    return round(per_pixel * megapixels * 1e6)


def spoken_size(size: int) -> str:
    """A number of bytes as one says it: “480 kB”, “3.2 MB”, “1.4 GB”."""
    for unit, factor in (("GB", 1e9), ("MB", 1e6)):
        if size >= factor:
            value = size / factor
            return f"{value:.0f} {unit}" if value >= 10 else f"{value:.1f} {unit}"
    return f"{max(round(size / 1e3), 1)} kB"


def _between(points: tuple[tuple[int, float], ...], at: int) -> float:
    """Linear between two measured points."""
    place = min(max(bisect_right([x for x, _ in points], at), 1), len(points) - 1)
    (x0, y0), (x1, y1) = points[place - 1], points[place]
    return y0 + (y1 - y0) * (min(max(at, x0), x1) - x0) / (x1 - x0)
