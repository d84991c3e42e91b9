from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from engine.diffusion.blocks import Convolution, residuals
from engine.diffusion.network import Network, NetworkSizes, SqueezeExpand, TaskAdapter
from engine.diffusion.networks import NETWORK_FILE, Networks
from engine.diffusion.weight_files import (
    AdapterHeader,
    load_adapter,
    load_network,
    read_module,
    save_adapter,
    save_network,
)
from engine.errors import MissingWeights, WrongAdapter, WrongWeights
from engine.weights import sha256

SIZES = NetworkSizes(widths=(8, 12), blocks=2)


def _network(seed: int = 0) -> Network:
    torch.manual_seed(seed)
    return Network(SIZES).requires_grad_(False)


def _adapter(seed: int = 1) -> TaskAdapter:
    torch.manual_seed(seed)
    adapter = TaskAdapter(SIZES, 3).requires_grad_(False)
    for layer in (part for pair in adapter.layers for part in pair):
        layer.expand.normal_(0, 0.1)
        layer.bias.normal_(0, 0.1)
    return adapter


def _picture(count: int = 1) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(2)
    image = torch.rand(count, 3, 16, 24, generator=generator)
    return image, torch.rand(count, 1, 16, 24, generator=generator)


def test_a_fresh_adapter_changes_nothing() -> None:
    network, fresh = _network(), TaskAdapter(SIZES, 4)
    plain, folded = network(*_picture()), network(*_picture(), residuals(fresh.fold(network)))
    assert torch.equal(plain[0], folded[0])
    assert torch.equal(plain[1], folded[1])


def test_an_adapter_follows_each_convolution() -> None:
    """Folded in, it is h + W_e (W_s h) + b of what the convolution gave."""
    weight = torch.randn(6, 4, 3, 3)
    layer = SqueezeExpand(6, 2).requires_grad_(False)
    layer.expand.normal_()
    layer.bias.normal_()
    x = torch.rand(1, 4, 8, 8)
    h = Convolution(weight)(x)
    low = torch.einsum("rc,bchw->brhw", layer.squeeze, h)
    expected = h + torch.einsum("cr,brhw->bchw", layer.expand, low) + layer.bias[:, None, None]
    assert torch.allclose(layer.fold(weight)(x), expected, atol=1e-5)


def test_nothing_beyond_the_reach_has_influence() -> None:
    network, reach = _network(), SIZES.reach
    side = 2 * (reach // 4 + 2) * 4
    image = torch.rand(1, 3, side, side)
    mask = torch.zeros(1, 1, side, side)
    other = image.clone()
    other[..., 0] = 1 - other[..., 0]
    changed = (network(image, mask)[0] - network(other, mask)[0]).abs().amax((0, 1, 2))
    assert changed[reach + 1 :].max() == 0
    assert changed[0] > 0


def test_an_adapter_is_a_small_part_of_the_embedded_network() -> None:
    sizes = NetworkSizes()
    with torch.device("meta"):
        network, adapter = Network(sizes), TaskAdapter(sizes, 32)
    whole = sum(p.numel() for p in network.parameters())
    part = sum(p.numel() for p in adapter.parameters())
    assert whole == 6_434_304
    assert 0.01 <= part / whole <= 0.05


def test_flops_count_what_torch_counts() -> None:
    from torch.utils.flop_counter import FlopCounterMode

    network = _network()
    with FlopCounterMode(display=False) as counter:
        network(*_picture())
    assert SIZES.flops(16 * 24) == pytest.approx(counter.get_total_flops())


def test_weights_survive_their_files(tmp_path: Path) -> None:
    network, adapter = _network().half().float(), _adapter().half().float()
    save_network(network, tmp_path / "n.safetensors", "Apache-2.0")
    header = AdapterHeader(
        task="denoise", title="Denoise", rank=3, network="abc", recipe="r", licence="Apache-2.0"
    )
    save_adapter(adapter, tmp_path / "a.safetensors", header)
    again = load_network(tmp_path / "n.safetensors")
    loaded, found = load_adapter(tmp_path / "a.safetensors", again, "abc")
    assert found == header
    plain = network(*_picture())[0]
    assert torch.allclose(again(*_picture())[0], plain, atol=1e-6)
    expected = network(*_picture(), residuals(adapter.fold(network)))[0]
    adapted = again(*_picture(), residuals(loaded.fold(again)))[0]
    assert (adapted - expected).abs().max() < 0.02 * (expected - plain).abs().max()


def test_large_convolutions_lose_little_in_eight_bits(tmp_path: Path) -> None:
    network = Network(NetworkSizes(widths=(16, 64), blocks=2)).half().float()
    save_network(network, tmp_path / "whole.safetensors", "Apache-2.0")
    save_network(network, tmp_path / "small.safetensors", "Apache-2.0", eight_bit=True)
    again = load_network(tmp_path / "small.safetensors")
    assert (tmp_path / "small.safetensors").stat().st_size < 0.6 * (
        tmp_path / "whole.safetensors"
    ).stat().st_size
    for (name, before), after in zip(
        network.state_dict().items(), again.state_dict().values(), strict=True
    ):
        if name.startswith(("head.", "tail.")) or before.numel() < 24_000:
            assert torch.equal(before, after), "the finest level, the first and the last stay"
        else:
            step = before.flatten(1).abs().amax(1)[:, None, None, None] / 127
            assert bool(((before - after).abs() <= 0.51 * step).all())
            assert not torch.equal(before, after)


def test_what_was_read_from_eight_bits_is_written_the_same(tmp_path: Path) -> None:
    first, second = tmp_path / "a.safetensors", tmp_path / "b.safetensors"
    network = Network(NetworkSizes(widths=(16, 64), blocks=2))
    save_network(network, first, "Apache-2.0", eight_bit=True)
    save_network(load_network(first), second, "Apache-2.0", eight_bit=True)
    one, other = load_network(first).state_dict(), load_network(second).state_dict()
    assert all(torch.allclose(one[key], other[key], atol=1e-4) for key in one)


def test_a_model_runs_each_adapter_on_the_network_it_was_made_for(tmp_path: Path) -> None:
    torch.manual_seed(0)
    main, other = (Network(SIZES).half().float() for _ in range(2))
    save_network(main, tmp_path / NETWORK_FILE, "x")
    save_network(other, tmp_path / f"noise.{NETWORK_FILE}", "x")
    for task, file in (("rain", NETWORK_FILE), ("noise", f"noise.{NETWORK_FILE}")):
        checksum = sha256(tmp_path / file)
        header = AdapterHeader(
            task=task, title=task, rank=3, network=checksum, recipe="", licence="x"
        )
        save_adapter(_adapter(), tmp_path / f"{task}.safetensors", header)
    networks = Networks(tmp_path)
    expected = {"rain": main, "noise": other}
    for task, network in expected.items():
        found, _ = networks.of(tmp_path / f"{task}.safetensors")
        assert torch.equal(found.head.weight, network.head.weight)
        assert networks.of(tmp_path / f"{task}.safetensors")[0] is found, "kept"
    assert torch.equal(networks.main[0].head.weight, main.head.weight)
    header = AdapterHeader(task="t", title="T", rank=3, network="gone", recipe="", licence="x")
    foreign = tmp_path / "elsewhere" / "t.safetensors"
    foreign.parent.mkdir()
    for path in (foreign, tmp_path / "t.safetensors"):
        save_adapter(_adapter(), path, header)
    with pytest.raises(WrongAdapter, match="another version"):
        networks.of(foreign)
    with pytest.raises(MissingWeights, match=r"t\.safetensors"):
        networks.of(tmp_path / "t.safetensors")
    with pytest.raises(MissingWeights, match="predictor"):
        _ = Networks(foreign.parent).main


@pytest.mark.parametrize("scale", [None, torch.ones(3), torch.ones(8, 1)])
def test_whole_numbers_without_their_scale_are_refused(
    scale: torch.Tensor | None, tmp_path: Path
) -> None:
    tensors = {"w": torch.ones(8, 2, 3, 3, dtype=torch.int8)}
    if scale is not None:
        tensors["w:scale"] = scale
    save_file(tensors, tmp_path / "w.safetensors")
    with pytest.raises(WrongWeights, match="scale"):
        read_module(tmp_path / "w.safetensors")


def test_an_adapter_of_another_network_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    header = AdapterHeader(task="t", title="T", rank=3, network="abc", recipe="r", licence="x")
    save_adapter(_adapter(), path, header)
    with pytest.raises(WrongAdapter, match="another version"):
        load_adapter(path, _network(), "def")


def test_damaged_and_foreign_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "n.safetensors"
    with pytest.raises(MissingWeights):
        load_network(path)
    path.write_bytes(b"not safetensors")
    with pytest.raises(WrongWeights, match="damaged"):
        load_network(path)
    save_file({"x": torch.zeros(1)}, path)
    with pytest.raises(WrongWeights, match="predictor"):
        load_network(path)
    with pytest.raises(WrongAdapter):
        load_adapter(path, _network(), "abc")
