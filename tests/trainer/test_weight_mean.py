"""The mean of several files of weights."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from engine.diffusion.specialists.enlarger import (
    EnlargeNetwork,
    EnlargerSizes,
    load_enlarger,
    save_enlarger,
)
from engine.diffusion.specialists.light_estimator import LightEstimator
from engine.diffusion.specialists.light_files import save_light
from engine.diffusion.specialists.light_network import LightNetwork, LightSizes
from engine.diffusion.weight_files import holds_eight_bits, read_module
from engine.errors import WrongWeights
from trainer.cli import main
from trainer.specialists.weight_mean import Part, save_mean


def _enlarger(path: Path, seed: int, blocks: int = 2) -> Path:
    torch.manual_seed(seed)
    save_enlarger(EnlargeNetwork(EnlargerSizes(64, blocks)), path, "Apache-2.0")
    return path


def test_shares_are_kept(tmp_path: Path) -> None:
    first, second = (_enlarger(tmp_path / f"{i}.safetensors", i) for i in range(2))
    out = tmp_path / "mean.safetensors"
    assert main(["mean", f"{first}=3", f"{second}=1", "--out", str(out)]) == 0
    a, b, mean = (load_enlarger(path).state_dict() for path in (first, second, out))
    for name, weight in mean.items():
        expected = 0.75 * a[name] + 0.25 * b[name]
        assert torch.allclose(weight, expected, atol=0.01 * float(expected.abs().max())), name


def test_without_shares_all_count_alike(tmp_path: Path) -> None:
    first, second = (_enlarger(tmp_path / f"{i}=x.safetensors", i) for i in range(2))
    out = tmp_path / "mean.safetensors"
    assert main(["mean", str(first), str(second), "--out", str(out)]) == 0
    a, b, mean = (read_module(path)[1]["head.weight"] for path in (first, second, out))
    assert torch.allclose(mean, (a + b) / 2, atol=1e-3)


def test_precision_and_header_are_those_of_the_first(tmp_path: Path) -> None:
    first, second = (_enlarger(tmp_path / f"{i}.safetensors", i) for i in range(2))
    out = tmp_path / "mean.safetensors"
    save_mean([Part(first, 1), Part(second, 1)], out)
    assert holds_eight_bits(first)
    assert holds_eight_bits(out)
    assert read_module(out)[0] == read_module(first)[0]


def test_a_share_is_above_zero(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = _enlarger(tmp_path / "first.safetensors", 0)
    with pytest.raises(SystemExit):
        main(["mean", f"{first}=0", "--out", str(tmp_path / "out.safetensors")])
    assert "a share is above 0" in capsys.readouterr().err


def test_what_does_not_belong_together_is_refused(tmp_path: Path) -> None:
    first = _enlarger(tmp_path / "first.safetensors", 0)
    deeper = _enlarger(tmp_path / "deeper.safetensors", 0, blocks=3)
    light = tmp_path / "light.safetensors"
    estimator = LightEstimator(LightNetwork(LightSizes((4, 6, 8, 8), 8)), "low-light")
    save_light(estimator, light, recipe="light", licence="Apache-2.0")
    for other in (deeper, light):
        with pytest.raises(WrongWeights, match="of another kind") as told:
            save_mean([Part(first, 1), Part(other, 1)], tmp_path / "out.safetensors")
        assert told.value.remedy.startswith("Name files")
    assert not (tmp_path / "out.safetensors").exists()
    with pytest.raises(ValueError, match="more than 0"):
        save_mean([Part(first, 1), Part(first, -1)], tmp_path / "out.safetensors")


def test_adapters_of_two_models_have_no_mean(tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.safetensors" for name in ("one", "other")]
    for path in paths:
        header = {"kind": "flux-adapter", "backbone": path.stem}
        save_file({"weight": torch.ones(2)}, path, metadata=header)
    with pytest.raises(WrongWeights, match="of another kind"):
        save_mean([Part(path, 1) for path in paths], tmp_path / "mean.safetensors")
