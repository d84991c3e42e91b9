"""The formats that can be asked for, by the words that commands and settings have for them."""

from __future__ import annotations

from typing import Literal

Format = Literal["same", "jpeg", "png", "tiff", "webp", "avif", "dng"]
SAME = "same"
"""Each photo's own, or the nearest that can be written."""
SUFFIXES = {
    "jpeg": ".jpg",
    "png": ".png",
    "tiff": ".tif",
    "webp": ".webp",
    "avif": ".avif",
    "dng": ".dng",
}
FORMATS = (SAME, *SUFFIXES)
