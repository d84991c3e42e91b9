"""Painted masks."""

from __future__ import annotations

import numpy as np
import pytest

from engine.photo import Box
from restorer_app.gui.compare.brush import Brush, BrushKind, Masks, PaintedMasks
from restorer_app.gui.compare.viewport import Size

KEEP, RESTORE = Brush(BrushKind.KEEP, 40, 1.0), Brush(BrushKind.RESTORE, 40, 1.0)


def test_a_stroke_covers_its_way_and_nothing_else() -> None:
    painted = PaintedMasks(Size(402, 301))
    painted.stroke((100, 150), (300, 150), KEEP, erase=False)
    keep = painted.masks().keep
    assert keep is not None
    assert keep.shape == (76, 101)
    assert keep[37, 25:75].min() == 1
    assert keep[:20].max() == 0
    assert painted.masks().restore is None


def test_a_hard_brush_has_a_sharper_edge_than_a_soft_one() -> None:
    edges = []
    for hardness in (0.0, 1.0):
        painted = PaintedMasks(Size(400, 400))
        painted.stroke((200, 200), (200, 200), Brush(BrushKind.KEEP, 100, hardness), erase=False)
        keep = painted.masks().keep
        assert keep is not None
        edges.append(np.count_nonzero((keep > 0.05) & (keep < 0.95)))
    assert edges[0] > 4 * edges[1]


def test_what_one_brush_marks_the_other_loses() -> None:
    painted = PaintedMasks(Size(400, 400))
    painted.stroke((100, 200), (300, 200), KEEP, erase=False)
    painted.stroke((200, 200), (200, 200), RESTORE, erase=False)
    masks = painted.masks()
    assert masks.keep is not None
    assert masks.restore is not None
    assert masks.keep[50, 50] == 0
    assert masks.restore[50, 50] == 1
    assert masks.keep[50, 27] == 1


def test_erasing_everything_leaves_no_mask() -> None:
    painted = PaintedMasks(Size(400, 400))
    painted.stroke((200, 200), (200, 200), KEEP, erase=False)
    painted.stroke((200, 200), (200, 200), Brush(BrushKind.KEEP, 200, 1.0), erase=True)
    assert painted.masks() == Masks()
    assert painted.empty


def test_strokes_outside_the_photo_do_nothing() -> None:
    painted = PaintedMasks(Size(40, 40))
    painted.stroke((-500, -500), (-400, -600), KEEP, erase=False)
    assert painted.empty


def test_masks_come_back_for_undo() -> None:
    painted = PaintedMasks(Size(400, 400))
    painted.stroke((200, 200), (250, 210), KEEP, erase=False)
    before = painted.masks()
    painted.put(Masks())
    assert painted.empty
    painted.put(before)
    assert before.keep is not None
    after = painted.masks().keep
    assert after is not None
    assert np.array_equal(after, before.keep)


def test_a_mask_of_another_photo_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        PaintedMasks(Size(400, 400)).put(Masks(keep=np.ones((5, 5), np.float32)))


def test_the_two_kinds_are_told_apart_without_colour() -> None:
    painted = PaintedMasks(Size(400, 400))
    painted.stroke((100, 100), (100, 100), Brush(BrushKind.KEEP, 90, 1.0), erase=False)
    painted.stroke((300, 300), (300, 300), Brush(BrushKind.RESTORE, 90, 1.0), erase=False)
    image = painted.overlay(Box(0, 0, 400, 400))
    kept = {image.pixelColor(25 + step, 25).alpha() for step in range(12)}
    restored = {image.pixelColor(75 + step, 75).alpha() for step in range(12)}
    assert len(kept) > 1
    assert len(restored) == 1


def test_what_is_tinted_follows_every_change() -> None:
    whole, kept = Box(0, 0, 1000, 700), PaintedMasks(Size(1000, 700))
    changes = (
        lambda masks: masks.stroke((100, 100), (700, 500), KEEP, erase=False),
        lambda masks: masks.stroke((300, 400), (500, 200), RESTORE, erase=False),
        lambda masks: masks.stroke((400, 300), (420, 310), KEEP, erase=True),
        lambda masks: masks.put(Masks(keep=masks.masks().restore)),
        lambda masks: masks.put(Masks()),
    )
    for number, change in enumerate(changes, 1):
        change(kept)
        fresh = PaintedMasks(Size(1000, 700))
        for earlier in changes[:number]:
            earlier(fresh)
        assert kept.overlay(whole) == fresh.overlay(whole)


def test_looking_at_a_large_painted_photo_again_costs_little(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    painted = PaintedMasks(Size(12000, 8000))
    painted.stroke((500, 500), (1200, 700), KEEP, erase=False)
    whole, tinted = Box(0, 0, 12000, 8000), []
    original = PaintedMasks._tinted
    monkeypatch.setattr(
        PaintedMasks, "_tinted", lambda self, area: tinted.append(area) or original(self, area)
    )
    for _ in range(3):
        painted.overlay(whole)
    painted.stroke((9000, 6000), (9100, 6000), KEEP, erase=False)
    painted.overlay(whole)
    assert sum(area.width * area.height for area in tinted) < 3000 * 2000 / 20
    assert len(tinted) == 2
