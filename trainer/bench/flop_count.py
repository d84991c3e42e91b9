"""Floating point operations of a FLUX evaluation, from its sizes alone; two for a multiply-add.

Counted are matrix products and attention (2 n^2 for the scores and 2 n^2 for their use, times the
width), which are all but a thousandth of the work; the tests hold it against torch's own counter.
"""

from __future__ import annotations

from engine.diffusion.flux.flux_adapter import RANK
from engine.diffusion.flux.flux_models import Flux1Sizes, Flux2Sizes

TOKEN_SIDE = 16
"""Pixels a side of one image token."""
_TIME = 256
"""Width of the sinusoids that time is turned into."""


def image_tokens(side: int) -> int:
    """Tokens of a square tile of `side` pixels."""
    return (side // TOKEN_SIDE) ** 2


def forward_flops(
    sizes: Flux1Sizes | Flux2Sizes, tokens: int, text_tokens: int, *, modulation: bool = True
) -> float:
    """One evaluation of the transformer on one picture.

    Without `modulation` its layers are a table (`engine.diffusion.flux.modulation`).
    """
    width, everything = sizes.width, tokens + text_tokens
    products = 2.0 * sizes.blocks * _block_weights(sizes) * everything
    attention = 4.0 * sizes.blocks * everything**2 * width
    ends = 2.0 * (2 * sizes.channels * tokens + sizes.text_width * text_tokens) * width
    time = 2.0 * _time_weights(sizes)
    return products + attention + ends + time + (modulation_flops(sizes) if modulation else 0.0)


def modulation_flops(sizes: Flux1Sizes | Flux2Sizes) -> float:
    """What the layers of shifts, scales and gates take: one token's worth, however many there are.

    FLUX.2's blocks of a kind share theirs.
    """
    own = isinstance(sizes, Flux1Sizes)
    layers = 12 * sizes.double + 3 * sizes.single if own else 12 + 3
    return 2.0 * (layers + 2) * sizes.width**2


def adapter_flops(
    sizes: Flux1Sizes | Flux2Sizes, tokens: int, text_tokens: int, rank: int = RANK
) -> float:
    """What a FluxIR adapter adds to an evaluation: its block, and its layers behind every block."""
    width, everything = sizes.width, tokens + text_tokens
    block = 2.0 * _block_weights(sizes) * everything + 4.0 * everything**2 * width
    ends = 2.0 * (2 * sizes.channels * tokens + sizes.text_width * text_tokens) * width
    steering = 2.0 * 2 * width * rank * everything * sizes.blocks
    return block + ends + steering + 2.0 * (_time_weights(sizes) + 12 * width**2)


def _block_weights(sizes: Flux1Sizes | Flux2Sizes) -> float:
    """Weights that a token meets in a block; double and single blocks of a family have as many.

    FLUX.1: query, key, value and out, and a hidden layer of 4 widths there and back. FLUX.2's has 3
    widths, doubled on the way in for its gate.
    """
    each = 4 + 8 if isinstance(sizes, Flux1Sizes) else 4 + 9
    return each * float(sizes.width) ** 2


def _time_weights(sizes: Flux1Sizes | Flux2Sizes) -> float:
    """Weights of the layers that embed time, guidance and pooled prompt."""
    each = (_TIME + sizes.width) * sizes.width
    total = float(each * (2 if sizes.guided else 1))
    if isinstance(sizes, Flux1Sizes):
        total += (sizes.pooled_width + sizes.width) * sizes.width
    return total
