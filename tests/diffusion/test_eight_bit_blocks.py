from pathlib import Path

import pytest
import torch
from torch import Tensor

from engine.diffusion import eight_bit_blocks, runner
from engine.diffusion.blocks import (
    BlockLayers,
    BlockRanges,
    BlockRun,
    Convolution,
    Residual,
    residuals,
)
from engine.diffusion.eight_bit_blocks import EightBitResidual, weight_bits
from engine.diffusion.network import Network, NetworkSizes, TaskAdapter
from engine.diffusion.runner import FusedResidual, ready_blocks
from engine.diffusion.weight_files import (
    AdapterHeader,
    add_ranges,
    load_adapter,
    load_network,
    load_ranges,
    save_adapter,
    save_network,
)
from engine.errors import WrongAdapter, WrongWeights

CPU = torch.device("cpu")
WIDTH = 16

needs_eight_bits = pytest.mark.skipif(not weight_bits(), reason="no 8-bit convolutions here")


def _layers(x: Tensor, wide: float = 1.0) -> BlockLayers:
    """Layers with the ranges that they have on `x`, times `wide`."""
    torch.manual_seed(0)
    first, second = (
        Convolution(torch.randn(WIDTH, WIDTH, 3, 3) / 12, torch.randn(WIDTH) / 9) for _ in range(2)
    )
    inner = torch.relu(first(x))
    ranges = BlockRanges(wide * x.abs().amax((0, 2, 3)), wide * inner.amax((0, 2, 3)))
    return BlockLayers(first, second, ranges)


def _picture(height: int = 21, width: int = 34) -> Tensor:
    torch.manual_seed(1)
    scale = torch.logspace(-2, 1, WIDTH).view(1, -1, 1, 1)  # channels of very different range
    picture = scale * torch.randn(2, WIDTH, height, width)
    return picture.contiguous(memory_format=torch.channels_last)


def _run(block: BlockRun, x: Tensor) -> Tensor:
    with torch.inference_mode():
        return block(x.clone(memory_format=torch.preserve_format)).float()


def _off(found: Tensor, expected: Tensor, x: Tensor) -> float:
    """Root mean square of what differs, over that of what a block adds."""
    return float((found - expected).square().mean().sqrt() / (expected - x).square().mean().sqrt())


@needs_eight_bits
@pytest.mark.parametrize(("bits", "bound"), [(8, 0.02), (7, 0.03)])
def test_a_block_in_eight_bits_does_what_the_plain_one_does(bits: int, bound: float) -> None:
    if bits > weight_bits():
        pytest.skip("sums of two products overflow on this processor")
    x = _picture()
    expected = _run(Residual(_layers(x)), x)
    assert _off(_run(EightBitResidual(_layers(x), bits), x), expected, x) < bound


@needs_eight_bits
def test_the_sum_stays_in_the_format_of_the_pass() -> None:
    x = _picture().bfloat16()
    with torch.inference_mode():
        found = EightBitResidual(_layers(x.float()), weight_bits())(x.clone())
    assert found.dtype == torch.bfloat16
    expected = _run(Residual(_layers(x.float())), x.float())
    assert torch.allclose(found.float(), expected, atol=0.03 * float(expected.abs().max()))


@needs_eight_bits
def test_one_block_serves_pictures_of_all_sizes() -> None:
    block = EightBitResidual(_layers(_picture(64, 64)), weight_bits())
    for side in (8, 40, 8, 24):
        x = _picture(side, side + 4)
        assert _off(_run(block, x), _run(Residual(_layers(_picture(64, 64))), x), x) < 0.05


@needs_eight_bits
def test_large_pictures_are_rounded_in_strips_as_small_ones_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    x = _picture()
    whole = _run(EightBitResidual(_layers(x), weight_bits()), x)
    monkeypatch.setattr(eight_bit_blocks, "_STRIP", 3 * WIDTH * x.shape[3])
    assert torch.equal(_run(EightBitResidual(_layers(x), weight_bits()), x), whole)


@needs_eight_bits
def test_what_lies_beyond_the_ranges_is_cut_off_there() -> None:
    x = _picture()
    narrow = EightBitResidual(_layers(x, 0.5), weight_bits())
    # At half of its size a picture fits; at its whole, what is beyond comes out no larger.
    assert _off(_run(narrow, x / 4), _run(Residual(_layers(x)), x / 4), x / 4) < 0.05
    added = _run(narrow, 100 * x) - 100 * x
    layers = _layers(x, 0.5)
    assert layers.ranges is not None
    largest = layers.ranges.inside[None, :, None, None] * torch.ones_like(x)
    bound = torch.nn.functional.conv2d(largest, layers.second.weight.abs(), padding=1)
    assert float(added.abs().max()) < 1.05 * float(bound.max()) + 1


@needs_eight_bits
def test_a_channel_that_is_always_dark_divides_nothing_by_zero() -> None:
    x = _picture()
    x[:, 3] = 0
    assert torch.isfinite(_run(EightBitResidual(_layers(x), weight_bits()), x)).all()


def test_layers_without_ranges_cannot_run_in_eight_bits() -> None:
    layers = _layers(_picture())
    with pytest.raises(ValueError, match="ranges"):
        EightBitResidual(BlockLayers(layers.first, layers.second), 8)


def test_blocks_run_in_eight_bits_where_they_have_ranges_and_it_pays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = _layers(_picture())
    layers = [known, BlockLayers(known.first, known.second)]
    monkeypatch.setattr(runner, "weight_bits", lambda: 8)
    kinds = [type(block) for block in ready_blocks(layers, CPU, torch.float32)]
    assert kinds == [EightBitResidual, FusedResidual]
    monkeypatch.setattr(runner, "weight_bits", lambda: 0)
    kinds = [type(block) for block in ready_blocks(layers, CPU, torch.float32)]
    assert kinds == [FusedResidual, FusedResidual]


@pytest.mark.parametrize(
    ("has", "bits"),
    [
        ({"avx2": True}, 7),
        ({"avx2": True, "avx_vnni": True}, 8),
        ({"avx2": True, "avx512_vnni": True}, 8),
        ({"avx2": True, "avx512_vnni": True, "amx_tile": True}, 0),
        ({"sve": True}, 0),
    ],
)
def test_bits_by_what_the_processor_has(
    has: dict[str, bool], bits: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: has)
    monkeypatch.setattr(eight_bit_blocks, "_agrees", lambda: True)
    assert eight_bit_blocks.weight_bits.__wrapped__() == bits
    monkeypatch.setattr(eight_bit_blocks, "_agrees", lambda: False)
    assert eight_bit_blocks.weight_bits.__wrapped__() == 0


def _ranges(*widths: int) -> dict[int, BlockRanges]:
    return {
        index: BlockRanges(torch.full((width,), 2.0 + index), torch.arange(1.0, width + 1))
        for index, width in enumerate(widths, 1)
    }


def test_ranges_are_kept_beside_a_network(tmp_path: Path) -> None:
    network = Network(NetworkSizes(widths=(8, 12), blocks=1))
    path = tmp_path / "predictor.safetensors"
    save_network(network, path, "Apache-2.0", eight_bit=True)
    before = load_network(path)
    assert load_ranges(path) == {}
    add_ranges(path, _ranges(12))
    again = load_network(path)
    for name, weight in before.state_dict().items():
        assert torch.equal(again.state_dict()[name], weight)
    found = [layers.ranges for layers in again.plain()]
    assert found[0] is None
    assert found[2] is None
    assert found[1] is not None
    assert torch.equal(found[1].inside, torch.arange(1.0, 13))
    add_ranges(path, {})
    assert load_ranges(path) == {}


def test_ranges_of_an_adapter_come_with_what_it_is_folded_into(tmp_path: Path) -> None:
    network, path = Network(NetworkSizes(widths=(8, 12), blocks=1)), tmp_path / "a.safetensors"
    header = AdapterHeader(
        task="denoise", title="", rank=2, network="abc", recipe="", licence="Apache-2.0"
    )
    save_adapter(TaskAdapter(network.sizes, 2), path, header)
    add_ranges(path, _ranges(12))
    adapter, found = load_adapter(path, network, "abc")
    assert found == header
    assert [layers.ranges is not None for layers in adapter.fold(network)] == [False, True, False]
    assert len(residuals(adapter.fold(network))) == 3


def test_ranges_of_other_widths_are_refused(tmp_path: Path) -> None:
    network = Network(NetworkSizes(widths=(8, 12), blocks=1))
    path = tmp_path / "predictor.safetensors"
    save_network(network, path, "Apache-2.0")
    add_ranges(path, _ranges(8))
    with pytest.raises(WrongWeights):
        load_network(path)
    adapter = tmp_path / "a.safetensors"
    header = AdapterHeader(task="", title="", rank=2, network="abc", recipe="", licence="")
    save_adapter(TaskAdapter(network.sizes, 2), adapter, header)
    add_ranges(adapter, _ranges(8))
    with pytest.raises(WrongAdapter):
        load_adapter(adapter, network, "abc")
