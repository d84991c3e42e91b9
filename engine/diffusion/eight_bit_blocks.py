"""Residual blocks whose convolutions multiply in 8 bits, where the processor does that fastest.

What a convolution is given is rounded to 256 steps, evenly over the range that was measured for
each channel when the weights were made (`trainer.specialists.ranges`); its weights to 127 on either
side of 0, with a scale for each output channel (Jacob et al. 2018, arXiv 1712.05877). A channel's
range goes over into the weights that read it, so that one step counts the same in all of them (as
in SmoothQuant, Xiao et al. 2023, arXiv 2211.10438); between the two convolutions that costs
nothing, since a ReLU lets positive factors through (Nagel et al. 2019, arXiv 1906.04721). The sum
that a block adds to stays in the format of the pass.
"""

from __future__ import annotations

import math
from functools import lru_cache

import torch
from torch import Tensor

from engine.diffusion.blocks import BlockLayers, BlockRanges, Convolution, Residual

_ONES = [1, 1]
_MIDDLE = 128
"""What stands for 0 in a block's input, which is of either sign."""
_INPUT, _INSIDE = 127.0, 255.0
"""What stands for the largest number in the input, beyond the middle, and behind the ReLU."""
_LEAST = 1e-2
"""Of the widest range of a block: what narrower ones count as, so that none is divided by 0."""
_STRIP = 400_000
"""Numbers that are rounded at a time: with all steps between they lie in a core's own memory."""


class EightBitResidual:
    """A block with ranges. It writes its answer over what it is given, (b, c, h, w) in layout
    channels last, as a pass of a network is."""

    def __init__(self, layers: BlockLayers, bits: int) -> None:
        """`bits` are those of the weights. With 7 two products of 8 bits add up without overflow
        in 16, where a processor adds them so. Raises `ValueError` for layers without ranges."""
        if layers.ranges is None:
            raise ValueError("a block runs in 8 bits by its ranges, and these layers have none")
        before, inside = _widened(layers.ranges.before), _widened(layers.ranges.inside)
        self._steps = (_INPUT / before).view(1, 1, -1)
        first, second = layers.first, layers.second
        self._first = EightBitConvolution(
            first.weight.detach().float()
            * (before / _INPUT)[:, None, None]
            * _each(_INSIDE / inside),
            _bias(first) * _INSIDE / inside,
            _MIDDLE,
            bits,
        )
        self._second = EightBitConvolution(
            second.weight.detach().float() * (inside / _INSIDE)[:, None, None],
            _bias(second),
            0,
            bits,
        )

    def __call__(self, x: Tensor) -> Tensor:
        inner = self._first.rectified(self._rounded(x))
        return self._second.added(inner, x)

    def _rounded(self, x: Tensor) -> Tensor:
        """(b, c, h, w) in steps of each channel's range, 0..255, in layout channels last.

        By way of 16 bits, for torch turns no floating point number into an unsigned byte in more
        than one lane at a time.
        """
        rows = x.permute(0, 2, 3, 1).flatten(0, 1)  # (b h, w, c), as it lies in memory
        whole = torch.empty_like(rows, dtype=torch.uint8)
        at_once = max(1, _STRIP // math.prod(rows.shape[1:]))
        for top in range(0, len(rows), at_once):
            strip = rows[top : top + at_once] * self._steps  # in float32
            strip.add_(_MIDDLE + 0.5).clamp_(0, 255)
            whole[top : top + at_once] = strip.to(torch.int16)
        height = x.shape[2]
        return whole.view(-1, height, *rows.shape[1:]).permute(0, 3, 1, 2)


class EightBitConvolution:
    """A 3x3 convolution of bytes (b, c, h, w) in layout channels last, `middle` standing for 0.

    As in `runner.FusedResidual`, the weights are packed anew when the size changes.
    """

    def __init__(self, weight: Tensor, bias: Tensor, middle: int, bits: int) -> None:
        """`weight` (n, c, 3, 3) for steps of the input; `bias` (n)."""
        largest = 2 ** (bits - 1) - 1
        self._scale = (weight.abs().amax((1, 2, 3)) / largest).clamp_min(1e-12)
        self._whole = (weight / _each(self._scale)).round().to(torch.int8)
        self._zeros = torch.zeros(len(weight), dtype=torch.int32)
        self._bias, self._middle = bias, middle
        self._packed, self._size = self._whole, torch.Size()

    def rectified(self, x: Tensor) -> Tensor:
        """ReLU of the answer, rounded to whole numbers of 0 to 255, (b, n, h, w)."""
        return torch.ops.onednn.qconv2d_pointwise(  # type: ignore[no-any-return]
            *self._given(x), self._bias, _ONES, _ONES, _ONES, 1, 1.0, 0, torch.uint8, "relu", [], ""
        )

    def added(self, x: Tensor, total: Tensor) -> Tensor:
        """`total` (b, n, h, w), channels last, with the answer added to it in place."""
        return torch.ops.onednn.qconv2d_pointwise.binary(  # type: ignore[no-any-return]
            *self._given(x),
            total,
            self._bias,
            _ONES,
            _ONES,
            _ONES,
            1,
            1.0,
            0,
            total.dtype,
            1.0,
            0,
            "sum",
            1.0,
            "none",
            [],
            "",
        )

    def _given(self, x: Tensor) -> tuple[Tensor, float, int, Tensor, Tensor, Tensor]:
        """Input and weights, each with its scale and with what stands for 0."""
        if x.shape != self._size:
            self._size = x.shape
            self._packed = torch.ops.onednn.qconv_prepack(
                self._whole, self._scale, 1.0, self._middle, _ONES, _ONES, _ONES, 1, list(x.shape)
            )
        return x, 1.0, self._middle, self._packed, self._scale, self._zeros


@lru_cache(maxsize=1)
def weight_bits() -> int:
    """In how many bits this processor's weights are multiplied fastest; 0 where 8-bit blocks do not
    pay.

    Those of x86 with AVX2 or more, whose torch has oneDNN's 8-bit convolutions. Not with AMX: there
    bfloat16 is fast enough for the steps between to cost more than is gained (model card, "what was
    tried").
    """
    has = torch.cpu.get_capabilities()
    if not has.get("avx2") or has.get("amx_tile") or not _agrees():
        return 0
    return 8 if has.get("avx512_vnni") or has.get("avx_vnni") else 7


def _agrees() -> bool:
    """Whether this torch's 8-bit convolutions are there and do what plain ones do."""
    try:
        x = (
            torch.linspace(-1, 1, 8 * 30)
            .view(1, 8, 5, 6)
            .contiguous(memory_format=torch.channels_last)
        )
        weight = torch.linspace(-0.2, 0.2, 8 * 8 * 9).view(8, 8, 3, 3)
        plain = Convolution(weight, torch.linspace(0, 1, 8))
        inner = torch.relu(plain(x))
        ranges = BlockRanges(x.abs().amax((0, 2, 3)), inner.amax((0, 2, 3)))
        layers = BlockLayers(plain, plain, ranges)
        with torch.inference_mode():
            expected = Residual(layers)(x)
            found = EightBitResidual(layers, 7)(x.clone(memory_format=torch.channels_last))
        return bool((found - expected).abs().max() < 0.02 * expected.abs().max())
    except (AttributeError, RuntimeError, NotImplementedError):
        return False


def _widened(range_: Tensor) -> Tensor:
    """A range (c) in float32, no channel's below a hundredth of the widest."""
    range_ = range_.float()
    return range_.clamp_min(max(float(range_.max()) * _LEAST, 1e-12))


def _each(factor: Tensor) -> Tensor:
    """A factor (n) for each output channel of a weight."""
    return factor.view(-1, 1, 1, 1)


def _bias(layer: Convolution) -> Tensor:
    return torch.zeros(len(layer.weight)) if layer.bias is None else layer.bias.detach().float()
