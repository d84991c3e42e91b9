"""A sheet of photos before and after, side by side at 100 %.

python -m restorer_app.sheet SHEET BEFORE AFTER [BEFORE AFTER ...]
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from engine.colour import to_srgb
from engine.errors import RestorerError
from engine.files import load

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Pair = tuple[Image.Image, Image.Image]
"""Before and after, RGB, of one size."""

_SIDE = 512
"""Most pixels of a photo, across and down, that are shown: its middle."""
_LINE, _GRAY = 2, (128, 128, 128)
_MARGIN, _TEXT = 6, 14


def write_sheet(pairs: Sequence[tuple[Path, Path]], sheet: Path) -> None:
    """Write the sheet of these (before, after) files; raises `BadPhoto` and `OSError`."""
    picture = sheet_of([_pair(before, after) for before, after in pairs])
    picture.save(sheet, quality=92, subsampling=0)


def sheet_of(pairs: Sequence[Pair]) -> Image.Image:
    """One row per pair; a gray line between before and after, and between the rows."""
    width = min(_SIDE, *(before.width for before, _ in pairs))
    heights = [min(_SIDE, before.height) for before, _ in pairs]
    size = 2 * width + _LINE, sum(heights) + _LINE * (len(pairs) - 1)
    sheet = Image.new("RGB", size, _GRAY)
    top = 0
    for pair, height in zip(pairs, heights, strict=True):
        for picture, left, text in zip(pair, (0, width + _LINE), ("before", "after"), strict=True):
            shown = _middle(picture, width, height)
            _label(shown, text)
            sheet.paste(shown, (left, top))
        top += height + _LINE
    return sheet


def _pair(before: Path, after: Path) -> Pair:
    """Two files as pictures of the size of the second."""
    first, second = _picture(before), _picture(after)
    if first.size != second.size:
        first = first.resize(second.size, Image.Resampling.BICUBIC)
    return first, second


def _picture(path: Path) -> Image.Image:
    photo = load(path)
    srgb = to_srgb(photo.pixels, photo.profile)
    return Image.fromarray(np.rint(np.clip(srgb, 0, 1) * 255).astype(np.uint8))


def _middle(picture: Image.Image, width: int, height: int) -> Image.Image:
    left, top = (picture.width - width) // 2, (picture.height - height) // 2
    return picture.crop((left, top, left + width, top + height))


def _label(picture: Image.Image, text: str) -> None:
    """Write `text` into the lower left corner, light on dark."""
    draw = ImageDraw.Draw(picture, "RGBA")
    font = ImageFont.load_default(_TEXT)
    corner = _MARGIN, picture.height - _MARGIN
    left, top, right, bottom = draw.textbbox(corner, text, font, anchor="lb")
    draw.rectangle((left - 4, top - 3, right + 4, bottom + 3), fill=(0, 0, 0, 140))
    draw.text(corner, text, (255, 255, 255), font, anchor="lb")


def main(argv: Sequence[str]) -> int:
    """Write a sheet; 0 done, 1 failed with a reason on stderr, 2 wrong usage."""
    from pathlib import Path

    paths = [Path(text) for text in argv]
    if len(paths) < 3 or len(paths) % 2 == 0:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    try:
        write_sheet(list(zip(paths[1::2], paths[2::2], strict=True)), paths[0])
    except (RestorerError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
