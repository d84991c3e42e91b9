from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from engine.diffusion.flux.flux_backbone import FluxBackbone
from engine.diffusion.flux.flux_models import FLUX1_SCHNELL, FLUX2_KLEIN_4B, Flux1Sizes, Flux2Sizes
from tests.diffusion.tiny_flux import (
    FLUX1,
    FLUX1_GUIDED,
    FLUX2,
    RANK,
    WORDS,
    fresh_adapter1,
    fresh_adapter2,
    latent,
    tiny_flux1,
    tiny_flux1_guided,
    tiny_flux2,
)
from trainer.bench.flop_count import adapter_flops, forward_flops, image_tokens, modulation_flops


def _counted(backbone: FluxBackbone) -> int:
    """As torch's counter has it; the kernels it does not know are kept from running."""
    x = latent(backbone.spec.channels, 8, 12)
    given = backbone.condition_on(x)
    counter = FlopCounterMode(display=False)
    with counter, sdpa_kernel(SDPBackend.MATH), torch.inference_mode():
        backbone.velocity(x, torch.tensor(0.5), given)
    return int(counter.get_total_flops())


@pytest.mark.parametrize(
    ("sizes", "plain", "steered"),
    [
        (FLUX1, tiny_flux1, lambda: tiny_flux1(fresh_adapter1())),
        (
            FLUX1_GUIDED,
            tiny_flux1_guided,
            lambda: tiny_flux1_guided(fresh_adapter1(FLUX1_GUIDED)),
        ),
        (FLUX2, tiny_flux2, lambda: tiny_flux2(fresh_adapter2())),
    ],
)
def test_the_formula_counts_what_torch_counts(
    sizes: Flux1Sizes | Flux2Sizes,
    plain: Callable[[], FluxBackbone],
    steered: Callable[[], FluxBackbone],
) -> None:
    # without an adapter FLUX.2 is shown the degraded picture as as many tokens again
    shown = 24 if isinstance(sizes, Flux1Sizes) else 48
    assert _counted(plain()) == forward_flops(sizes, shown, WORDS)
    both = forward_flops(sizes, 24, WORDS) + adapter_flops(sizes, 24, WORDS, RANK)
    assert _counted(steered()) == both


def test_a_table_spares_what_the_modulation_takes() -> None:
    backbone = tiny_flux1()
    backbone.use_table(backbone.modulation((0.5,)))
    assert _counted(backbone) == forward_flops(FLUX1, 24, WORDS, modulation=False)
    spared = forward_flops(FLUX1, 24, WORDS) - forward_flops(FLUX1, 24, WORDS, modulation=False)
    assert spared == modulation_flops(FLUX1) > 0


@pytest.mark.parametrize(
    ("sizes", "side", "text", "tera"),
    [
        (FLUX1_SCHNELL, 1024, 512, 74.4),
        (FLUX1_SCHNELL, 1024, 256, 69.5),
        (FLUX1_SCHNELL, 1024, 64, 65.8),
        (FLUX1_SCHNELL, 512, 512, 21.5),
        (FLUX1_SCHNELL, 2048, 512, 418.1),
        (FLUX2_KLEIN_4B, 1024, 512, 34.8),
    ],
)
def test_the_published_sizes_take_what_was_counted_for_them(
    sizes: Flux1Sizes | Flux2Sizes, side: int, text: int, tera: float
) -> None:
    assert forward_flops(sizes, image_tokens(side), text) / 1e12 == pytest.approx(tera, abs=0.06)
