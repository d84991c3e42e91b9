"""Drafts of pictures in memory, by a tiny model."""

from pathlib import Path

import numpy as np
import torch

from engine.diffusion.network import Network, NetworkSizes, TaskAdapter
from engine.diffusion.networks import Networks
from engine.diffusion.predictor import Predictor
from engine.diffusion.weight_files import AdapterHeader, save_adapter
from trainer.drafts import Drafts

SIZES = NetworkSizes(widths=(8, 12), blocks=1)


def _predictor(folder: Path) -> Predictor:
    torch.manual_seed(0)
    network = Network(SIZES).eval().requires_grad_(False)
    adapter = TaskAdapter(SIZES, 2).requires_grad_(False)
    adapter.layers[0][1].bias.fill_(0.1)
    header = AdapterHeader(task="denoise", title="", rank=2, network="n", recipe="", licence="x")
    save_adapter(adapter, folder / "denoise.safetensors", header)
    return Predictor(Networks(folder, {"n": network}), torch.device("cpu"))


def test_a_draft_is_what_the_network_makes(tmp_path: Path) -> None:
    predictor = _predictor(tmp_path)
    picture = np.random.default_rng(0).random((33, 40, 3), np.float32)
    for task in ("", "denoise"):
        made = Drafts(predictor).restore(picture, task)
        assert np.abs(made - predictor.restore(picture, task)).max() < 1e-4
    plain, told = (Drafts(predictor).restore(picture, task) for task in ("", "denoise"))
    assert not np.allclose(plain, told, atol=1e-3)


def test_what_was_enlarged_already_comes_back(tmp_path: Path) -> None:
    predictor = _predictor(tmp_path)
    (tmp_path / "upscale.enlarger.safetensors").touch()  # the task has its specialist
    picture = np.random.default_rng(0).random((33, 40, 3), np.float32)
    assert np.abs(Drafts(predictor).restore(picture, "upscale") - picture).max() < 1e-4
