import os
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.diffusion.network import Network, NetworkSizes, TaskAdapter
from engine.diffusion.networks import Networks
from engine.diffusion.predictor import Predictor, _Pass
from engine.diffusion.weight_files import AdapterHeader, save_adapter
from engine.errors import MissingWeights, OutOfMemory
from engine.photo import FloatArray
from engine.progress import Cancelled
from engine.tiles import Tiling

SIZES = NetworkSizes(widths=(8, 12), blocks=1)
CPU = torch.device("cpu")


def _predictor(folder: Path) -> Predictor:
    torch.manual_seed(0)
    network = Network(SIZES).eval().requires_grad_(False)
    adapter = TaskAdapter(SIZES, 2).requires_grad_(False)
    adapter.layers[0][1].bias.fill_(0.1)
    header = AdapterHeader(
        task="brighter", title="Brighter", rank=2, network="abc", recipe="", licence="x"
    )
    save_adapter(adapter, folder / "brighter.safetensors", header)
    return Predictor(Networks(folder, {"abc": network}), CPU)


def _picture(height: int = 150, width: int = 130) -> FloatArray:
    return np.random.default_rng(0).random((height, width, 3), np.float32)


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 9), (7, 33), (64, 64), (61, 130)])
def test_any_size_comes_back_in_its_own(tmp_path: Path, height: int, width: int) -> None:
    restored = _predictor(tmp_path).restore(_picture(height, width), "")
    assert restored.shape == (height, width, 3)
    assert restored.dtype == np.float32
    assert restored.min() >= 0
    assert restored.max() <= 1


def test_tiles_give_what_the_whole_gives(tmp_path: Path) -> None:
    predictor, picture = _predictor(tmp_path), _picture()
    whole = predictor.restore(picture, "")
    tiled = predictor.restore(picture, "", tiling=Tiling(104, 32, align=4))
    assert np.abs(whole - tiled).max() < 0.5 / 255


def test_the_same_picture_gives_the_same_pixels(tmp_path: Path) -> None:
    predictor, picture = _predictor(tmp_path), _picture()
    assert np.array_equal(predictor.restore(picture, ""), predictor.restore(picture, ""))


def test_a_task_runs_with_its_adapter_and_an_unknown_one_is_named(tmp_path: Path) -> None:
    predictor, picture = _predictor(tmp_path), _picture()
    assert predictor.tasks == ["brighter"]
    assert not np.allclose(predictor.restore(picture, ""), predictor.restore(picture, "brighter"))
    with pytest.raises(MissingWeights, match="darker"):
        predictor.restore(picture, "darker")


def test_an_adapter_that_was_retrained_is_read_anew_and_the_old_one_forgotten(
    tmp_path: Path,
) -> None:
    predictor, picture = _predictor(tmp_path), _picture()
    own = tmp_path / "mine" / "own.safetensors"
    own.parent.mkdir()
    header = AdapterHeader(task="own", title="Own", rank=2, network="abc", recipe="", licence="x")
    adapter = TaskAdapter(SIZES, 2).requires_grad_(False)
    save_adapter(adapter, own, header)
    first = predictor.restore(picture, "", adapter=own)
    held = dict(predictor._passes)
    assert np.array_equal(predictor.restore(picture, "", adapter=own), first)
    assert predictor._passes == held, "what has not changed is kept"
    adapter.layers[0][1].bias.fill_(0.1)
    save_adapter(adapter, own, header)
    os.utime(own, ns=(1, 1))  # of the same size, and written within one tick of some clocks
    assert not np.allclose(predictor.restore(picture, "", adapter=own), first)
    assert predictor._passes.keys() == held.keys()


def test_cancelling_stops_between_tiles(tmp_path: Path) -> None:
    class Stops:
        def report(self, done: float, stage: str = "") -> None:
            if done > 0.2:
                raise Cancelled

    with pytest.raises(Cancelled):
        _predictor(tmp_path).restore(
            _picture(), "", progress=Stops(), tiling=Tiling(64, 16, align=4)
        )


class _Starved(Predictor):
    """Runs out of memory on anything larger than `room` pixels a side."""

    room = 600

    def _run(self, pixels: FloatArray, ready: _Pass) -> FloatArray:
        if max(pixels.shape[:2]) > self.room:
            raise torch.OutOfMemoryError
        return super()._run(pixels, ready)


def test_little_memory_means_smaller_tiles(tmp_path: Path) -> None:
    plenty = _predictor(tmp_path)
    starved = _Starved(plenty._networks, CPU)
    picture = _picture(900, 700)
    assert np.abs(starved.restore(picture, "") - plenty.restore(picture, "")).max() < 0.5 / 255


def test_no_memory_at_all_is_an_error_a_user_understands(tmp_path: Path) -> None:
    starved = _Starved(_predictor(tmp_path)._networks, CPU)
    starved.room = 8
    with pytest.raises(OutOfMemory, match="small part"):
        starved.restore(_picture(300, 280), "")
