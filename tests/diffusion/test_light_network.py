from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from engine.diffusion.specialists.light_chain import (
    SETTINGS,
    brightness,
    coloured,
    curved,
    gained,
    guided,
    least_share,
    lifted,
    tone_of,
    unveiled,
)
from engine.diffusion.specialists.light_estimator import LightEstimator
from engine.diffusion.specialists.light_files import load_light, save_light
from engine.diffusion.specialists.light_network import (
    THUMBNAIL,
    LightNetwork,
    LightSizes,
    quantiles,
)
from engine.errors import MissingWeights, WrongWeights
from engine.photo import Box
from engine.resize import reduced, upscaled

SMALL = (4, 6, 8, 8)


def _network(*, veil: bool, wild: float = 0.0) -> LightNetwork:
    """A small network; `wild` is the spread of noise on all its weights, and then it takes some
    haze away for sure."""
    torch.manual_seed(0)
    network = LightNetwork(LightSizes(SMALL, 8, veil))
    for weight in network.parameters():
        weight.data += wild * torch.randn_like(weight)
    if veil and wild:
        network.map.bias.data[0] = 1.0  # optical depth
    return network


def _shading(wild: float) -> LightNetwork:
    """Likewise one that lifts shadows."""
    torch.manual_seed(0)
    network = LightNetwork(LightSizes(SMALL, 8, shade=True))
    for weight in network.parameters():
        weight.data += wild * torch.randn_like(weight)
    return network


def _scene(width: int = 300, height: int = 200) -> np.ndarray:
    coarse = np.random.default_rng(0).random((10, 15, 3)).astype(np.float32)
    return upscaled(coarse, width, height) * 0.8 + np.float32(0.05)


def _hazy() -> np.ndarray:
    return _scene() * np.float32(0.4) + np.float32(0.5)


@pytest.mark.parametrize("veil", [False, True])
def test_a_fresh_network_changes_nothing(veil: bool) -> None:
    scene = _scene()
    relight = LightEstimator(_network(veil=veil), "x").estimate(scene, (300, 200))
    assert np.abs(relight(scene, Box(0, 0, 300, 200)) - scene).max() < 1e-4


@pytest.mark.parametrize("veil", [False, True])
def test_boxes_agree_with_the_whole(veil: bool) -> None:
    scene = _hazy()
    estimator = LightEstimator(_network(veil=veil, wild=0.1 if veil else 0.3), "x")
    relight = estimator.estimate(reduced(scene, THUMBNAIL, 128), (300, 200))
    whole = relight(scene, Box(0, 0, 300, 200))
    assert np.abs(whole - scene).mean() > 0.01
    assert whole.min() >= 0
    assert whole.max() <= 1
    box = Box(37, 21, 240, 130)
    assert np.abs(relight(scene[box.slices], box) - whole[box.slices]).max() < 1e-3


def test_the_fast_way_agrees_with_the_way_that_is_trained() -> None:
    scene = reduced(_scene(), THUMBNAIL, 128)
    network = _network(veil=True, wild=0.2).eval()
    relight = LightEstimator(network, "x").estimate(scene, (THUMBNAIL, 128))
    thumb = torch.from_numpy(scene.transpose(2, 0, 1)[None].copy())
    with torch.no_grad():
        lit = network(thumb).apply(thumb)[0].numpy().transpose(1, 2, 0)
    found = relight(scene, Box(0, 0, THUMBNAIL, 128))
    assert np.abs(found - lit).mean() < 2e-3


def test_shadows_are_lifted_the_fast_way_as_it_is_trained() -> None:
    scene = reduced(_scene(), THUMBNAIL, 128)
    network = _shading(0.2).eval()
    relight = LightEstimator(network, "x").estimate(scene, (THUMBNAIL, 128))
    thumb = torch.from_numpy(scene.transpose(2, 0, 1)[None].copy())
    with torch.no_grad():
        looks = [network(look).shade.lift(look) for look in (thumb, thumb.flip(3))]
        mean = (looks[0] + looks[1].flip(3)) / 2
        lit = lifted(thumb, mean)[0].numpy().transpose(1, 2, 0)
    found = relight(scene, Box(0, 0, THUMBNAIL, 128))
    assert np.abs(found - scene).mean() > 0.01
    assert np.abs(found - lit).mean() < 2e-3


def test_shadows_are_lifted_where_tones_stay_as_they_are() -> None:
    scene, box = _scene(), Box(0, 0, 300, 200)
    tones, shadows = _network(veil=False, wild=0.3), LightEstimator(_shading(0.2), "x")
    relight = LightEstimator(tones, "x").estimate(scene, (300, 200))
    change = 255 * float(np.sqrt(np.square(relight(scene, box) - scene).mean()))

    def lit(doubt: float) -> np.ndarray:
        both = LightEstimator(tones, "x", doubt, then=shadows)
        return both.estimate(scene, (300, 200))(scene, box)

    lifted_alone = shadows.estimate(scene, (300, 200))(scene, box)
    assert np.abs(lifted_alone - scene).mean() > 0.005
    assert np.abs(lit(1.1 * change) - lifted_alone).max() < 1e-3, "tones are in doubt"
    assert np.abs(lit(change / 1.6) - relight(scene, box)).max() < 1e-3, "tones are sure"
    between = lit(change / 1.25)
    assert np.abs(between - relight(scene, box)).mean() > 0.002
    assert np.abs(between - lifted_alone).mean() > 0.002
    timid = LightEstimator(_shading(0.2), "x", 200.0)
    found = LightEstimator(tones, "x", 200.0, then=timid).estimate(scene, (300, 200))
    assert np.abs(found(scene, box) - scene).max() < 1e-3


def test_lifting_shadows_makes_nothing_darker_and_nothing_white() -> None:
    x = torch.rand(2, 3, 20, 20, generator=torch.Generator().manual_seed(0))
    for logarithm in (0.0, 0.7, 2.2):
        lit = lifted(x, torch.full((2, 1, 20, 20), logarithm))
        assert float((lit - x).min()) > -1e-6
        assert float(lit.max()) <= 1 + 1e-6
    odds = torch.logit(lit.amax(1)) - torch.logit(x.amax(1))
    assert torch.allclose(odds, torch.full_like(odds, 2.2), atol=1e-2)


def test_bright_places_are_no_shadows() -> None:
    network = _shading(0)
    network.map.bias.data[:] = 5.0  # lifts all it may
    scene = np.full((128, 192, 3), 0.1, np.float32)
    scene[:64] = (0.45, 0.6, 0.8)
    lit = LightEstimator(network, "x").estimate(scene, (192, 128))(scene, Box(0, 0, 192, 128))
    assert np.abs(lit - scene)[:50].max() < 1e-3
    assert lit[-50:].min() > 0.3


def test_no_network_gives_a_veil_and_a_shade() -> None:
    with pytest.raises(ValueError, match="veil or a shade"):
        LightSizes(SMALL, 8, veil=True, shade=True)


def test_any_settings_give_curves_that_rise_and_stay_bounded() -> None:
    torch.manual_seed(1)
    raw = 20 * torch.randn(64, SETTINGS)
    ends = torch.tensor([0.1, 0.9]).view(1, 2, 1).expand(64, 2, 3)
    tone = tone_of(raw, ends)
    out = curved(torch.linspace(0, 1, 200).expand(64, 3, 1, 200), tone)
    assert out.diff(dim=3).min() > -1e-5
    assert out.min() > -1e-5
    assert out.max() < 1 + 1e-5
    assert torch.allclose(tone.mix.sum(2), torch.ones(64, 3), atol=1e-5)


def test_a_stop_doubles_the_light() -> None:
    half = torch.full((1, 3, 1, 1), 0.5)
    brighter = gained(half, torch.ones(1, 3, 1, 1))
    assert float(brighter.mean()) == pytest.approx(0.6858, abs=1e-3)  # sRGB of 2 * 0.2140


@pytest.mark.parametrize("kind", ["tones", "veil", "shade"])
def test_a_gray_photo_stays_gray(kind: str) -> None:
    scene = _scene() * np.float32(0.4) if kind == "shade" else _hazy()
    gray = scene.mean(2, keepdims=True).repeat(3, 2)
    network = _shading(0.2) if kind == "shade" else _network(veil=kind == "veil", wild=0.5)
    relight = LightEstimator(network, "x").estimate(gray, (300, 200))
    lit = relight(gray, Box(0, 0, 300, 200))
    assert np.abs(lit - gray).mean() > 0.005
    assert np.ptp(lit, axis=2).max() < 1e-5


def test_the_transmission_follows_the_edges_of_the_picture() -> None:
    picture = torch.full((1, 3, 32, 32), 0.2)
    picture[..., 16:] = 0.8
    rough = torch.where(picture[:, :1] > 0.5, 0.3, 0.9)
    slope, offset = guided(rough, picture)
    share = slope * picture[:, :1] + offset
    assert float((share[..., 17] - share[..., 14]).abs().min()) > 0.5


def test_where_nothing_is_to_be_seen_haze_stays() -> None:
    sky, air = torch.linspace(0.7, 0.8, 40).expand(1, 3, 40, 40), torch.full((1, 3, 1, 1), 0.95)
    share = least_share(sky, air)
    assert float(share.min()) > 0.25
    assert float((unveiled(sky, air, share) / sky).min()) > 0.7
    houses = sky + 0.05 * torch.randn(1, 1, 40, 40, generator=torch.Generator().manual_seed(0))
    assert float(least_share(houses, air).max()) < 0.16


def test_a_smooth_sky_in_dense_haze_stays_bright() -> None:
    network = _network(veil=True)
    network.map.bias.data[0] = 5.0  # as dense as can be
    network.air.bias.data[:3] = 5.0  # and an airlight far brighter than the sky
    scene = np.full((128, 192, 3), 0.7, np.float32)
    scene[64:] += np.random.default_rng(0).normal(0, 0.08, (64, 192, 1)).astype(np.float32)
    small = scene.clip(0, 1)
    clear = LightEstimator(network, "dehaze").estimate(small, (192, 128))(
        small, Box(0, 0, 192, 128)
    )
    assert clear[:40].mean() > 0.7 * 0.7
    assert clear[-40:].mean() < 0.2


def test_dense_haze_has_the_colour_of_what_lights_it() -> None:
    warm = torch.tensor((0.8, 0.6, 0.4)).view(1, 3, 1, 1).expand(1, 3, 20, 20)
    air, dense, clear = torch.full((1, 3, 1, 1), 0.7), torch.full((1, 1, 20, 20), 0.1), 1.0
    near, far = coloured(air, warm, torch.full_like(dense, clear)), coloured(air, warm, dense)
    assert torch.allclose(near, air.expand_as(near))
    assert float((far[:, 0] / far[:, 2]).min()) > 1.3
    assert torch.allclose(brightness(far), brightness(near), atol=1e-4)


def test_a_change_of_tones_in_doubt_is_not_made() -> None:
    scene, box = _scene(), Box(0, 0, 300, 200)
    network = _network(veil=False, wild=0.3)

    def changed(doubt: float) -> float:
        """By how many levels, root mean square."""
        lit = LightEstimator(network, "x", doubt).estimate(scene, (300, 200))(scene, box)
        return 255 * float(np.sqrt(np.square(lit - scene).mean()))

    full = changed(0)
    assert full > 1
    assert changed(full / 1.6) == pytest.approx(full, rel=1e-5)
    assert 0.2 * full < changed(full / 1.25) < 0.8 * full
    assert changed(full * 1.1) < 1e-3


def test_haze_has_no_doubt() -> None:
    scene = _hazy()
    network = _network(veil=True, wild=0.1)
    sure, doubting = (
        LightEstimator(network, "x", doubt).estimate(scene, (300, 200)) for doubt in (0.0, 200.0)
    )
    box = Box(0, 0, 300, 200)
    assert np.allclose(sure(scene, box), doubting(scene, box), atol=1e-6)


def test_tones_are_the_mean_of_what_the_parts_of_a_photo_say() -> None:
    """Half of it dark and half light: from no single part come the settings of another."""
    scene = np.concatenate((_scene() * np.float32(0.3), _scene() * np.float32(0.5) + 0.5), 1)
    scene = np.asarray(scene, np.float32)
    estimator = LightEstimator(_network(veil=False, wild=0.3), "x")
    corners = [scene[y : y + 133, x : x + 400] for y in (0, 67) for x in (0, 200)]
    alone = [estimator._toning(part, (600, 200)).curves for part in (scene, *corners)]
    found = estimator.estimate(scene, (600, 200)).curves
    lowest, highest = np.min(alone, axis=0), np.max(alone, axis=0)
    assert (highest - lowest).max() > 0.02
    assert (found > lowest - 0.01).all()
    assert (found < highest + 0.01).all()
    assert all(np.abs(found - curves).max() > 0.003 for curves in alone)
    flipped = estimator.estimate(np.ascontiguousarray(scene[:, ::-1]), (600, 200)).curves
    assert np.abs(flipped - found).max() < 0.02, "hardly anything depends on left and right"


def test_automatic_contrast_counts_as_much_as_it_is_told_to() -> None:
    faded = np.asarray(_scene() * np.float32((0.5, 0.6, 0.4)) + np.float32(0.2), np.float32)
    network, box = _network(veil=False), Box(0, 0, 300, 200)
    none, half, full = (
        LightEstimator(network, "x", contrast=share).estimate(faded, (300, 200))(faded, box)
        for share in (0.0, 0.5, 1.0)
    )
    assert np.abs(none - faded).max() < 1e-3
    assert full.min((0, 1)).max() < 0.01
    assert full.max((0, 1)).min() > 0.99
    assert np.abs(half - (none + full) / 2).max() < 1e-3
    marked = faded.copy()
    marked[:2, :2], marked[-2:, -2:] = 0, 1
    kept = LightEstimator(network, "x", contrast=1.0).estimate(marked, (300, 200))(marked, box)
    assert np.abs(kept - marked).max() < 2e-3, "marks are its black and its white"


def test_automatic_contrast_leaves_what_has_no_range_as_it_is() -> None:
    scene = _scene()
    scene[..., 0] = 1
    scene[..., 2] = 0.9 + scene[..., 2] * np.float32(0.1)
    estimator = LightEstimator(_network(veil=False), "x", contrast=1.0)
    found = estimator.estimate(scene, (300, 200))(scene, Box(0, 0, 300, 200))
    assert np.abs(found - scene)[..., (0, 2)].max() < 2e-3


@pytest.mark.parametrize("veil", [True, False])
def test_a_copy_of_a_few_pixels_is_light_enough(veil: bool) -> None:
    small = np.full((5, 7, 3), 0.4, np.float32)
    found = LightEstimator(_network(veil=veil, wild=0.3), "x").estimate(small, (300, 200))
    assert np.isfinite(found(_scene(), Box(0, 0, 300, 200))).all()


def test_haze_is_estimated_from_the_whole_photo_alone() -> None:
    toned, unveiled = (LightEstimator(_network(veil=veil), "x") for veil in (False, True))
    assert toned.side == 3 * THUMBNAIL
    assert unveiled.side == THUMBNAIL


def test_quantiles_tell_how_dark_a_photo_is() -> None:
    spread = quantiles(torch.linspace(0, 0.3, 48 * 48).view(1, 1, 48, 48).expand(1, 3, 48, 48))
    assert float(spread.max()) == pytest.approx(0.3, abs=0.02)
    assert bool((spread.diff(dim=2) >= 0).all())


def test_shadows_come_back_from_their_file(tmp_path: Path) -> None:
    path = tmp_path / "low-light.shade.safetensors"
    save_light(LightEstimator(_shading(0.2), "low-light", 2.5), path, recipe="r", licence="l")
    loaded = load_light(path)
    assert loaded.network.sizes.shade
    assert loaded.doubt == 2.5


def test_a_file_comes_back_as_it_was(tmp_path: Path) -> None:
    network = _network(veil=True, wild=0.1)
    path = tmp_path / "dehaze.light.safetensors"
    estimator = LightEstimator(network, "dehaze", 7.5, 0.25)
    save_light(estimator, path, recipe="light", licence="Apache-2.0")
    loaded = load_light(path)
    assert (loaded.task, loaded.doubt, loaded.contrast) == ("dehaze", 7.5, 0.25)
    assert loaded.network.sizes == network.sizes
    scene = _scene()
    box = Box(0, 0, 300, 200)
    before = LightEstimator(network, "dehaze").estimate(scene, (300, 200))(scene, box)
    assert np.abs(loaded.estimate(scene, (300, 200))(scene, box) - before).max() < 0.02


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingWeights):
        load_light(tmp_path / "none.safetensors")
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"not weights")
    with pytest.raises(WrongWeights):
        load_light(broken)
    other = tmp_path / "other.safetensors"
    save_file({"a": torch.zeros(1)}, other, metadata={"kind": "restorer-predictor"})
    with pytest.raises(WrongWeights):
        load_light(other)
    good = tmp_path / "good.safetensors"
    save_light(LightEstimator(_network(veil=False), "x"), good, recipe="r", licence="l")
    header = {
        "kind": "restorer-light-estimator",
        "task": "x",
        "widths": "[4, 6, 8, 8]",
        "hidden": "9",
        "veil": "false",
    }
    tensors = {k: v.clone() for k, v in load_light(good).network.state_dict().items()}
    save_file(tensors, good, metadata=header)
    with pytest.raises(WrongWeights):
        load_light(good)
