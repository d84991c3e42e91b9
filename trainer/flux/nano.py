"""flux-nano: FLUX.1 at a size that trains and runs on a processor, and what it is made of.

Transformer, the latent's layout, the packing into tokens and the adapter are those of FLUX.1; only
the numbers differ, so all that is shown on it holds for the large ones.
"""

from __future__ import annotations

from engine.diffusion.flux.flux_configs import FluxSizes
from engine.diffusion.flux.flux_models import Flux1Sizes
from engine.diffusion.flux.patch_autoencoder import PatchSizes

NANO_ID = "flux-nano"
NANO_TEXT_TOKENS = 8
"""Of the prompt, which is blank: it knows no words, and the adapter learns its offset to it."""
NANO_RANK = 32
NANO = FluxSizes(
    Flux1Sizes(
        double=2,
        single=4,
        heads=8,
        head_width=32,
        text_width=64,
        pooled_width=64,
        axes=(8, 12, 12),
    ),
    PatchSizes(),
)
"""The autoencoder is our own: FLUX.1's, made small, learns and runs many times slower on a
processor (decision 008). Its scale and shift are measured once it is trained."""
