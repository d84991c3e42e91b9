"""The texture prior: what it is told, what it diffuses, and its files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from engine.bands import luminance
from engine.diffusion.blocks import BlockRun, residuals
from engine.diffusion.network import Network, NetworkSizes
from engine.diffusion.noise_field import NoiseField
from engine.diffusion.prior import Painter
from engine.diffusion.runner import in_format
from engine.diffusion.texture_files import (
    GuidanceHeader,
    load_guidance,
    load_prior_networks,
    read_guidance_header,
    save_guidance,
    save_prior,
)
from engine.diffusion.texture_network import GuidanceAdapters, SceneEncoder, TextureNetworks
from engine.diffusion.texture_prior import NOISE, TexturePrior, texture_trajectory
from engine.diffusion.weight_files import save_network
from engine.errors import WrongAdapter, WrongWeights
from engine.photo import Box, FloatArray
from engine.progress import Silent
from engine.schedule import Schedule
from engine.texture import textured
from engine.trajectory import Trajectory
from engine.weights import sha256
from tests.diffusion.tiny_texture import TINY, shaken_guidance, tiny_networks, tiny_prior

HEADER = GuidanceHeader(
    title="Tiny",
    backbone="tiny-texture",
    network="",
    trajectory=texture_trajectory(),
    recipe="none",
    licence="Apache-2.0",
)


def pictures(height: int = 32, width: int = 48, seed: int = 1) -> tuple[FloatArray, FloatArray]:
    rng = np.random.default_rng(seed)
    degraded, draft = rng.random((2, height, width, 3), dtype=np.float32)
    return degraded, draft


def as_tensor(picture: FloatArray) -> Tensor:
    return torch.from_numpy(picture).permute(2, 0, 1)[None].contiguous()


def painted(prior: TexturePrior, degraded: FloatArray, draft: FloatArray) -> FloatArray:
    painter = Painter(prior, texture_trajectory())
    height, width = draft.shape[:2]
    noise = painter.noise_of(NoiseField(3, 1), Box(0, 0, width, height))
    return painter.paint(degraded, draft, noise, Silent())


def test_what_is_diffused_is_what_the_draft_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    prior = tiny_prior()
    degraded, draft = pictures()
    wanted = np.random.default_rng(5).normal(0, 0.03, draft.shape[:2]).astype(np.float32)
    missing = torch.from_numpy(wanted)[None, None] / NOISE
    sigmas = iter(texture_trajectory().schedule.sigmas(6))

    def ideal(noisy: Tensor, structure: Tensor, run: list[BlockRun]) -> Tensor:
        return (noisy - missing) / next(sigmas)

    monkeypatch.setattr(prior.networks.denoiser, "forward", ideal)
    change = painted(prior, degraded, draft)
    np.testing.assert_allclose(change[..., 0], wanted, atol=1e-6)


def test_it_starts_from_noise_over_the_draft() -> None:
    degraded, draft = pictures()
    given = tiny_prior().condition(as_tensor(degraded), as_tensor(draft))
    noise = torch.ones(1, 1, 32, 48)
    first = texture_trajectory().first(noise, given.degraded)
    light = luminance(draft)
    np.testing.assert_allclose(first[0, 0].numpy(), light + NOISE, atol=1e-5)


def test_only_light_is_painted() -> None:
    degraded, draft = pictures()
    change = painted(tiny_prior(), degraded, draft)
    assert change.std() > 1e-4
    assert np.array_equal(change[..., 0], change[..., 1])
    assert np.array_equal(change[..., 0], change[..., 2])


def test_fused_blocks_answer_as_those_that_learn() -> None:
    prior = tiny_prior(guided=True)
    degraded, draft = (as_tensor(one) for one in pictures())
    x = torch.randn(1, 1, 32, 48, generator=torch.Generator().manual_seed(2))
    for sigma in (1.0, 0.25):
        with torch.enable_grad():
            given = prior.condition(degraded, draft)
            learning = prior.velocity(x, torch.tensor([sigma]), given)
        with torch.inference_mode():
            given = prior.condition(degraded, draft)
            running = prior.velocity(x, torch.tensor([sigma]), given)
        torch.testing.assert_close(running, learning, atol=1e-5, rtol=1e-4)


def test_each_picture_of_a_batch_learns_at_its_own_sigma() -> None:
    prior = tiny_prior()
    degraded, draft = (as_tensor(one) for one in pictures())
    x = torch.randn(1, 1, 32, 48, generator=torch.Generator().manual_seed(2))
    alone = prior.velocity(x, torch.tensor([0.3]), prior.condition(degraded, draft))
    two = prior.condition(degraded.expand(2, -1, -1, -1), draft.expand(2, -1, -1, -1))
    both = prior.velocity(x.expand(2, -1, -1, -1), torch.tensor([0.9, 0.3]), two)
    torch.testing.assert_close(both[1:], alone, atol=1e-5, rtol=1e-4)
    assert float((both[0] - both[1]).abs().mean()) > 1e-4


def test_guidance_changes_nothing_before_it_has_learnt() -> None:
    bare, guided = tiny_networks(), tiny_networks(guided=True)
    guided.denoiser.load_state_dict(bare.denoiser.state_dict())
    guided.scene.load_state_dict(bare.scene.state_dict())
    degraded, draft = pictures()
    one, other = (
        painted(TexturePrior("t", networks, torch.float32), degraded, draft)
        for networks in (bare, guided)
    )
    assert np.array_equal(one, other)


def test_guidance_sees_the_degraded_picture_and_the_prior_alone_does_not() -> None:
    degraded, draft = pictures()
    other, _ = pictures(seed=9)
    guided, bare = tiny_prior(guided=True), tiny_prior()
    assert not np.array_equal(painted(guided, degraded, draft), painted(guided, other, draft))
    assert np.array_equal(painted(bare, degraded, draft), painted(bare, other, draft))


def test_without_a_draft_there_is_nothing_to_build_on() -> None:
    with pytest.raises(ValueError, match="draft"):
        tiny_prior().condition(torch.zeros(1, 3, 16, 16))


def test_the_scene_is_told_as_the_predictor_sees_it() -> None:
    sizes = NetworkSizes((8, 12, 16), 2)
    network, encoder = Network(sizes), SceneEncoder(sizes)
    encoder.take(network)
    picture = torch.rand(1, 3, 32, 48)
    passed: list[Tensor] = []

    def kept(run: BlockRun) -> BlockRun:
        def block(x: Tensor) -> Tensor:
            out = run(x)
            passed.append(out.clone())
            return out

        return block

    network(picture, torch.zeros(1, 1, 32, 48), [kept(one) for one in residuals(network.plain())])
    torch.testing.assert_close(encoder(picture), passed[5])


def test_the_scenes_code_reaches_the_deepest_level_and_the_way_up() -> None:
    networks = tiny_networks()
    maps = networks.denoiser.maps(networks.scene(torch.rand(1, 3, 32, 48)))
    assert [None if one is None else tuple(one.shape[1:]) for one in maps] == [
        None,
        (12, 8, 12),
        (8, 16, 24),
    ]


def test_files_come_back(tmp_path: Path) -> None:
    networks = shaken_guidance(tiny_networks(guided=True))
    prior, guidance = tmp_path / "prior.safetensors", tmp_path / "guidance.safetensors"
    save_prior(networks, prior, "Apache-2.0")
    assert networks.guidance is not None
    save_guidance(networks.guidance, guidance, _header(prior))
    back = load_prior_networks(prior, guidance)
    for name, value in networks.state_dict().items():
        torch.testing.assert_close(back.state_dict()[name], value, atol=2e-3, rtol=1e-2)
    assert load_prior_networks(prior).guidance is None
    header = read_guidance_header(guidance)
    assert (header.backbone, header.trajectory) == ("tiny-texture", texture_trajectory())
    assert header.network == sha256(prior)


def test_guidance_of_another_prior_is_refused(tmp_path: Path) -> None:
    one, other = tmp_path / "one.safetensors", tmp_path / "other.safetensors"
    save_prior(tiny_networks(), one, "Apache-2.0")
    save_prior(tiny_networks(seed=1), other, "Apache-2.0")
    path = tmp_path / "guidance.safetensors"
    save_guidance(GuidanceAdapters(TINY.denoiser), path, _header(one))
    load_guidance(path, TINY, one)
    with pytest.raises(WrongAdapter, match="another texture prior"):
        load_prior_networks(other, path)


@pytest.mark.parametrize(
    "trajectory",
    [
        Trajectory(noise=0.2, degraded=1.0),
        Trajectory(),
        Trajectory(start="degraded", schedule=Schedule(start=0.5)),
    ],
)
def test_guidance_for_another_path_is_refused(tmp_path: Path, trajectory: Trajectory) -> None:
    prior, path = tmp_path / "prior.safetensors", tmp_path / "guidance.safetensors"
    save_prior(tiny_networks(), prior, "Apache-2.0")
    header = replace(_header(prior), trajectory=trajectory)
    save_guidance(GuidanceAdapters(TINY.denoiser), path, header)
    with pytest.raises(WrongAdapter, match="does not take"):
        load_prior_networks(prior, path)


def test_in_bfloat16_it_paints_nearly_the_same() -> None:
    degraded, draft = pictures()
    networks = shaken_guidance(tiny_networks(guided=True))
    short = in_format(networks, torch.device("cpu"), torch.bfloat16)
    exact = painted(TexturePrior("t", networks, torch.float32), degraded, draft)
    rounded = painted(TexturePrior("t", short, torch.bfloat16), degraded, draft)
    assert not np.array_equal(exact, rounded)
    assert np.abs(exact - rounded).max() < 0.05 * np.abs(exact).max()


def test_what_is_no_texture_prior_is_said(tmp_path: Path) -> None:
    path = tmp_path / "network.safetensors"
    save_network(Network(NetworkSizes((8, 12), 1)), path, "Apache-2.0")
    with pytest.raises(WrongWeights, match="does not hold a texture prior"):
        load_prior_networks(path)
    with pytest.raises(WrongAdapter, match="does not hold guidance"):
        read_guidance_header(path)


def test_painted_texture_leaves_colours_and_tones() -> None:
    degraded, draft = pictures(96, 96)
    draft = (draft * 0.2 + 0.4).astype(np.float32)
    out = textured(draft, painted(tiny_prior(), degraded, draft))
    colours = [picture - luminance(picture)[..., None] for picture in (out, draft)]
    np.testing.assert_allclose(colours[0], colours[1], atol=1e-3)
    assert abs(float(out.mean() - draft.mean())) < 1e-3


def test_networks_without_guidance_have_none() -> None:
    assert TextureNetworks(TINY).guidance is None


def _header(prior: Path) -> GuidanceHeader:
    return replace(HEADER, network=sha256(prior))
