"""Drawings for pictures that the photos have few of."""

import numpy as np
import pytest
from numpy.random import default_rng

from trainer import drawings
from trainer.drawings import drawn


def test_a_drawing_is_a_picture_and_replays_by_its_seed() -> None:
    first, again, other = (drawn(96, default_rng(seed)) for seed in (3, 3, 4))
    assert first.shape == (96, 96, 3)
    assert first.dtype == np.float32
    assert 0 <= first.min() <= first.max() <= 1
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("kind", drawings._KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_leaves_marks_that_can_be_seen(
    kind: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawings, "_KINDS", (kind,))
    contrasts = [float(np.ptp(drawn(200, default_rng(seed)).mean(2))) for seed in range(8)]
    assert np.median(contrasts) > 0.25


def test_a_large_sheet_holds_more_than_a_small_one() -> None:
    """Per area: a crop of a large sheet is not to be empty."""

    def edges(side: int) -> float:
        pictures = [drawn(side, default_rng(seed)).mean(2) for seed in range(6)]
        return float(np.mean([np.abs(np.diff(picture)).mean() for picture in pictures]))

    assert edges(500) > 0.5 * edges(150)
