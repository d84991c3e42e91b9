"""How long presets take beside each other."""

import pytest

from engine.effort import effort
from engine.preset import load_presets


def test_presets_by_what_they_do() -> None:
    takes = {id: effort(preset, "lite") for id, preset in load_presets().items()}
    assert takes["denoise"] == takes["artifacts"] == takes["auto"] == 1
    assert takes["dehaze"] < takes["denoise"] < takes["low-light"] < takes["old-photo"]
    assert takes["deblur"] == 3
    assert takes["upscale"] == 2.5, "of a megapixel of the large picture, at twice the size"


@pytest.mark.parametrize("model", ["flux1-schnell", "mine"])
def test_a_large_model_paints_whatever_the_preset(model: str) -> None:
    assert {effort(preset, model) for preset in load_presets().values()} == {1.0}
