"""What is taken of a painted change: its fine band of light, and nothing else.

A generative model paints every tile a little lighter or warmer than the next, and now and then
tells another story. Below the scale of texture the draft is right, so only what is finer is added
to it: no seam and no cast can come in with it, and no object.
"""

from __future__ import annotations

import numpy as np

from engine.bands import luminance, smooth
from engine.photo import FloatArray, floats

TEXTURE = 4.0
"""Scale of what is taken over: the sigma of a Gaussian, in pixels of the output.

It is half a latent pixel. Waves shorter than 20 pixels pass by more than half, so what a latent
pixel draws inside itself comes in whole; of waves of 80 pixels, five tokens long, a twentieth is
left, and of the tone of a tile nothing. `bands.FINE` lies inside it: what the slider of detail
takes away is texture, too.
"""


def texture(change: FloatArray, sigma: float = TEXTURE) -> FloatArray:
    """The fine luminance band (h, w) of a change (h, w, 3).

    It depends on `bands.reach(sigma)` pixels around: where a tile has that much context, its
    texture is that of the whole.
    """
    light = luminance(change)
    return floats(light - smooth(light, sigma))


def textured(draft: FloatArray, change: FloatArray, sigma: float = TEXTURE) -> FloatArray:
    """`draft` (h, w, 3), sRGB-encoded, 0..1, with the texture of `change` (h, w, 3) added to its
    light; clipped to 0..1. A change of nothing gives the draft to the last bit."""
    return floats(np.clip(draft + texture(change, sigma)[..., None], 0, 1))
