from collections.abc import Sequence

import pytest
import torch
from torch import Tensor

from engine.diffusion import runner
from engine.diffusion.blocks import BlockLayers, BlockRun, Convolution, Residual, residuals
from engine.diffusion.network import Network, NetworkSizes, SqueezeExpand
from engine.diffusion.runner import FusedResidual, can_fuse, ready_blocks

CPU = torch.device("cpu")
WIDTH = 8


def _layers(count: int = 2) -> list[BlockLayers]:
    torch.manual_seed(0)
    return [
        BlockLayers(
            Convolution(torch.randn(WIDTH, WIDTH, 3, 3) / 9),
            Convolution(torch.randn(WIDTH, WIDTH, 3, 3) / 9, torch.randn(WIDTH)),
        )
        for _ in range(count)
    ]


def _run(blocks: Sequence[BlockRun], x: Tensor) -> Tensor:
    h = x.clone(memory_format=torch.channels_last)
    with torch.inference_mode():
        for block in blocks:
            h = block(h)
    return h


def test_blocks_made_ready_compute_what_the_plain_ones_do() -> None:
    x = torch.rand(1, WIDTH, 13, 21)
    expected = _run(residuals(_layers()), x)
    exact = _run(ready_blocks(_layers(), CPU, torch.float32), x)
    short = _run(ready_blocks(_layers(), CPU, torch.bfloat16), x.bfloat16())
    assert torch.allclose(exact, expected, atol=1e-5)
    assert torch.allclose(short.float(), expected, atol=0.1)


def test_a_format_that_the_processor_cannot_fuse_is_computed_plainly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(layer: Convolution, size: torch.Size) -> Convolution:
        if layer.weight.dtype == torch.bfloat16:  # as oneDNN does without AVX-512
            raise RuntimeError("bf16 path needs the cpu support")
        return layer

    monkeypatch.setattr(runner, "_packed", refused)
    can_fuse.cache_clear()
    try:
        blocks = ready_blocks(_layers(), CPU, torch.bfloat16)
        assert isinstance(blocks[0], Residual)
        assert isinstance(ready_blocks(_layers(), CPU, torch.float32)[0], FusedResidual)
        x = torch.rand(1, WIDTH, 13, 21)
        plain = _run(residuals(_layers()), x)
        assert torch.allclose(_run(blocks, x.bfloat16()).float(), plain, atol=0.1)
    finally:
        can_fuse.cache_clear()


def test_one_set_of_blocks_serves_pictures_of_all_sizes() -> None:
    blocks = ready_blocks(_layers(), CPU, torch.float32)
    for side in (8, 40, 16):
        x = torch.rand(1, WIDTH, side, side + 4)
        assert torch.allclose(_run(blocks, x), _run(residuals(_layers()), x), atol=1e-5)


def test_weights_are_packed_for_the_size_at_hand_and_once_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    blocks = ready_blocks(_layers(1), CPU, torch.float32)
    assert isinstance(blocks[0], FusedResidual)
    sizes: list[tuple[int, ...]] = []
    pack = runner._packed

    def watched(layer: Convolution, size: torch.Size) -> Convolution:
        sizes.append(tuple(size))
        return pack(layer, size)

    monkeypatch.setattr(runner, "_packed", watched)
    for side in (8, 8, 40, 40, 8):
        _run(blocks, torch.rand(1, WIDTH, side, side))
    assert sizes == [(1, WIDTH, side, side) for side in (8, 8, 40, 40, 8, 8)]


def test_where_nothing_can_be_fused_the_plain_blocks_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "can_fuse", lambda dtype: False)
    blocks = ready_blocks(_layers(), CPU, torch.float32)
    assert not any(isinstance(block, FusedResidual) for block in blocks)
    x = torch.rand(1, WIDTH, 8, 8)
    assert torch.equal(_run(blocks, x), _run(residuals(_layers()), x))


@pytest.mark.skipif(not torch.backends.mkldnn.is_available(), reason="torch without oneDNN")
def test_torch_with_onednn_fuses() -> None:
    assert can_fuse(torch.float32)


def test_a_folded_layer_learns_as_one_behind_the_convolution_would() -> None:
    torch.manual_seed(1)
    weight = torch.randn(WIDTH, WIDTH, 3, 3, dtype=torch.float64, requires_grad=True)
    layer = SqueezeExpand(WIDTH, 3).double()
    torch.nn.init.normal_(layer.expand)
    leaves = [weight, *layer.parameters()]
    x = torch.randn(2, WIDTH, 5, 6, dtype=torch.float64)
    ours = layer.fold(weight)(x)
    h = torch.nn.functional.conv2d(x, weight, padding=1)
    low = torch.einsum("rc,bchw->brhw", layer.squeeze, h)
    plain = h + torch.einsum("cr,brhw->bchw", layer.expand, low) + layer.bias[:, None, None]
    assert torch.allclose(ours, plain)
    toward = torch.randn_like(plain)
    for mine, expected in zip(
        torch.autograd.grad((ours * toward).sum(), leaves),
        torch.autograd.grad((plain * toward).sum(), leaves),
        strict=True,
    ):
        assert torch.allclose(mine, expected)


def test_gradients_keep_the_layout_of_the_pass() -> None:
    network = Network(NetworkSizes(widths=(8, 12), blocks=1)).to(memory_format=torch.channels_last)
    seen: list[bool] = []
    network.head.weight.requires_grad_(True)

    def keep(grad: Tensor) -> None:
        seen.append(grad.is_contiguous(memory_format=torch.channels_last))

    hooked = network.head.register_forward_hook(
        lambda _m, _i, out: out.register_hook(keep) and None
    )
    image = torch.rand(2, 3, 16, 16).to(memory_format=torch.channels_last)
    change, _ = network(image, torch.zeros(2, 1, 16, 16))
    change.abs().sum().backward()
    hooked.remove()
    assert seen == [True]
