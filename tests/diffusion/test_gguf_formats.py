from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.diffusion.quantised import short_weights
from engine.diffusion.quantised.gguf_formats import FORMATS, columns, unpacked
from tests.diffusion.tiny_flux import generator

OFFSET = ("Q4_1", "Q5_1", "Q2_K", "Q4_K", "Q5_K")
"""Scale times code and an offset: one rounding more or less, as the processor has it."""

gguf = pytest.importorskip("gguf")


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_unpacks_to_the_numbers_that_gguf_gives(kind: str) -> None:
    """Any bytes are a block, so bytes drawn by chance try every code and every scale."""
    form = FORMATS[kind]
    packed = torch.randint(
        0, 256, (40, 3 * form.bytes), generator=generator(1), dtype=torch.int16
    ).to(torch.uint8)
    with np.errstate(all="ignore"):
        expected = gguf.quants.dequantize(packed.numpy(), gguf.GGMLQuantizationType[kind])
    own = unpacked(packed, kind)
    assert own.dtype == torch.float32
    assert own.shape == (40, columns(kind, 3 * form.bytes))
    np.testing.assert_allclose(own.numpy(), expected, rtol=1e-6, atol=1e-6 * _largest(expected))
    half = unpacked(packed, kind, torch.bfloat16)
    if kind not in OFFSET:
        np.testing.assert_array_equal(half.float().numpy(), own.bfloat16().float().numpy())
    np.testing.assert_allclose(
        half.float().numpy(), expected, rtol=2**-8, atol=1e-6 * _largest(expected)
    )


def _largest(numbers: np.ndarray) -> float:
    """The largest magnitude that is one; halves drawn by chance may be infinite, or no number."""
    return float(np.abs(numbers[np.isfinite(numbers)]).max())


@pytest.mark.parametrize("kind", FORMATS)
def test_sizes_are_those_of_the_package(kind: str) -> None:
    sizes = gguf.GGML_QUANT_SIZES[gguf.GGMLQuantizationType[kind]]
    assert (FORMATS[kind].weights, FORMATS[kind].bytes) == sizes


def test_devices_that_mix_no_formats_compute_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind, form in FORMATS.items():
        packed = torch.zeros(8, form.bytes, dtype=torch.uint8)
        packed[:, ::3] = 60  # halves of about one, and codes of all sizes
        mixed = unpacked(packed, kind, torch.bfloat16)
        monkeypatch.setattr(short_weights, "_MIXING", ())
        apart = unpacked(packed, kind, torch.bfloat16)
        monkeypatch.undo()
        assert mixed.dtype == apart.dtype == torch.bfloat16
        assert torch.allclose(mixed.float(), apart.float(), rtol=2**-7, equal_nan=True), kind
