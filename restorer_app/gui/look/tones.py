"""The greys of each theme, and how well two colours can be told apart."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Tones:
    """The colours of one theme, as `#rrggbb`.

    All but the accent, the focus and the three signs are neutral (R = G = B): a tinted surround
    would shift how the eye judges the colours of a photo.
    """

    name: str
    surround: str
    """Around the photo."""
    window: str
    panel: str
    raised: str
    """Buttons and cards."""
    hover: str
    field: str
    """Behind what is typed, and the empty part of a slider."""
    line: str
    """Between things; decoration."""
    edge: str
    """Around a control that would not be seen without it."""
    text: str
    dim: str
    """Text that explains; as readable as WCAG AA asks for."""
    disabled: str
    accent: str
    on_accent: str
    focus: str
    good: str
    warn: str
    bad: str

    @property
    def is_dark(self) -> bool:
        """Whether text is lighter than what it stands on."""
        return luminance(self.text) > luminance(self.window)


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` as WCAG defines it: 0 for black, 1 for white."""
    levels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (
        level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4 for level in levels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Contrast of two colours by WCAG: 1 for equal ones, 21 for black on white."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


TONES = {
    "dark": Tones(
        name="dark",
        surround="#2e2e2e",
        window="#222222",
        panel="#282828",
        raised="#353535",
        hover="#3e3e3e",
        field="#1a1a1a",
        line="#3a3a3a",
        edge="#828282",
        text="#e4e4e4",
        dim="#aeaeae",
        disabled="#757575",
        accent="#8fa3b5",
        on_accent="#141414",
        focus="#b4c9dd",
        good="#a3b89d",
        warn="#cdb586",
        bad="#d8a39c",
    ),
    "mid": Tones(
        name="mid",
        surround="#707070",
        window="#4b4b4b",
        panel="#505050",
        raised="#5c5c5c",
        hover="#606060",
        field="#3c3c3c",
        line="#646464",
        edge="#b0b0b0",
        text="#f6f6f6",
        dim="#dedede",
        disabled="#9e9e9e",
        accent="#bccad6",
        on_accent="#1a1a1a",
        focus="#dceaf6",
        good="#d3e4ce",
        warn="#efdeb8",
        bad="#f8d8d4",
    ),
    "light": Tones(
        name="light",
        surround="#b9b9b9",
        window="#d9d9d9",
        panel="#e2e2e2",
        raised="#efefef",
        hover="#f8f8f8",
        field="#fafafa",
        line="#c4c4c4",
        edge="#767676",
        text="#1b1b1b",
        dim="#494949",
        disabled="#8c8c8c",
        accent="#47596a",
        on_accent="#ffffff",
        focus="#2f4c68",
        good="#36512f",
        warn="#604a18",
        bad="#843129",
    ),
}
