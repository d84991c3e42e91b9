"""How long presets take beside each other."""

import pytest

from engine.effort import finding, sharpening, work
from engine.preset import load_presets


def takes(preset: str, megapixels: float = 12.0, adapter: bool = False) -> float:
    """Passes over the source."""
    chosen = load_presets()[preset]
    return work(chosen, megapixels, "lite", adapter=adapter, looked=False) / megapixels


def test_presets_by_what_they_do() -> None:
    assert takes("denoise") == takes("artifacts") == takes("auto") == 1
    assert takes("denoise") < takes("dehaze") == takes("low-light")
    assert takes("upscale") == 10


def test_what_is_done_on_a_part_or_on_a_copy_weighs_less_in_a_large_photo() -> None:
    assert takes("old-photo", 3) == pytest.approx(1.8 + 0.3 + 0.1)
    assert takes("old-photo", 24) < 1
    assert finding(36e6) == pytest.approx(1.8 / 9)
    assert takes("deblur", 0.25) > 3 * takes("deblur", 24) > 6
    assert sharpening(1e9) == pytest.approx(2)


def test_an_adapter_of_ones_own_lets_the_network_run() -> None:
    assert takes("old-photo", adapter=True) == pytest.approx(takes("old-photo") + 1)
    assert takes("dehaze", adapter=True) == takes("dehaze")
    assert takes("denoise", adapter=True) == takes("denoise")


def test_the_looks_of_the_autopilot_count_and_are_bounded() -> None:
    auto = load_presets()["auto"]
    small, large = (
        work(auto, megapixels, "lite", adapter=False, looked=True) - megapixels
        for megapixels in (0.5, 50.0)
    )
    assert (small, large) == (pytest.approx(2.25), pytest.approx(3.6))


@pytest.mark.parametrize("model", ["flux1-schnell", "mine"])
def test_a_large_model_paints_whatever_the_preset(model: str) -> None:
    for preset in load_presets().values():
        found = work(preset, 2.0, model, adapter=True, looked=False)
        assert found == 2.0 * preset.scale**2
