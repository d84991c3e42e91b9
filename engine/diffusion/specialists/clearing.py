"""Taking haze out of a photo, and cleaning what that makes loud.

Light divided by its transmission carries its noise and its compression divided, too: where seven
tenths of the light were haze they are three times as loud as they were. They are taken out behind
it, not before, for there windows and wires stand out from them as they do in other photos.
"""

from __future__ import annotations

import numpy as np

from engine.diffusion.tiled import Read, Work
from engine.photo import Box, FloatArray, floats
from engine.relight import Relight

_CLEANED_WHOLE = np.float32(0.6)
"""Share of haze in the light of a place, 0..1, from which what comes out is cleaned in full; below
it by the square of the haze: fine texture in light haze is the photo's own, and noise there hardly
louder than it was."""
_LEAST = 0.05
"""Share of cleaning below which a tile is left as it is."""


def clearing(read: Read, light: Relight, clean: Work) -> tuple[Read, Work]:
    """How a photo that `read` gives in boxes (h, w, 3), 0..1, is read without its haze, and what
    cleans a tile of that: boxes have a fourth channel, which says how much, tiles none.

    `light` takes the haze out, `clean` takes noise out of a tile (h, w, 3).
    """

    def lit(box: Box) -> FloatArray:
        pixels = read(box)
        haze = np.minimum(light.haze(pixels, box) / _CLEANED_WHOLE, 1)
        return floats(np.dstack((light(pixels, box), haze * haze)))

    def cleaned(tile: FloatArray) -> FloatArray:
        pixels, share = np.ascontiguousarray(tile[..., :3]), tile[..., 3:]
        if share.max() < _LEAST:
            return pixels
        return floats(pixels + share * (clean(pixels) - pixels))

    return lit, cleaned
