"""The settings of the mix: what a photographer's sliders say, checked."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Blend:
    """How a prediction is mixed with its source; each setting is a share from 0 to 1.

    As it comes, the whole prediction is taken. Raises `ValueError` for what is no share.
    """

    strength: float = 1.0
    """Share of the change that is kept."""
    detail: float = 1.0
    """Share of the change in the finest texture; at 0 that texture stays the source's."""
    colour: float = 1.0
    """Share of the change in colour; at 0 only light and dark change."""
    grain: float = 0.0
    """Share of the fine luminance noise given back that the prediction removed."""
    faces: float = 0.0
    """Protection of faces; at 1 the source stays inside them."""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not 0 <= value <= 1:
                raise ValueError(f"{field.name} is 0 to 1, not {value}")

    @property
    def is_plain(self) -> bool:
        """Whether nothing but the strength matters for what is mixed."""
        return self.detail == 1 and self.colour == 1 and self.grain == 0
