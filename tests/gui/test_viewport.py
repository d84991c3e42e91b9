"""Zoom and place, without a widget."""

from __future__ import annotations

import pytest

from engine.photo import Box
from restorer_app.gui.compare.viewport import LARGEST_ZOOM, Size, Viewport

PHOTO, PANE = Size(4000, 3000), Size(800, 500)


def zoomed_in() -> Viewport:
    return Viewport.fitting(PHOTO, PANE).zoomed(2.0, 300, 200)


def test_a_large_photo_fits_and_lies_in_the_middle() -> None:
    view = Viewport.fitting(PHOTO, PANE)
    left, top, right, bottom = view.photo_rect
    assert (top, bottom) == (0, 500)
    assert abs(left - (800 - right)) <= 1
    assert view.visible == Box(0, 0, 4000, 3000)
    assert not view.overflows


def test_a_small_photo_is_not_enlarged_to_fit() -> None:
    assert Viewport.fitting(Size(100, 50), PANE).zoom == 1


@pytest.mark.parametrize("zoom", [0.7, 1.0, 3.3, 8.0])
def test_zooming_keeps_the_point_under_the_pointer(zoom: float) -> None:
    view = zoomed_in()
    before = view.to_photo(120, 400)
    after = view.zoomed(zoom, 120, 400).to_photo(120, 400)
    assert after == pytest.approx(before, abs=1 / min(zoom, 2))


def test_panning_stops_at_the_edge_of_the_photo() -> None:
    view = zoomed_in().panned(1e6, 1e6)
    assert view.to_pane(0, 0) == (0, 0)
    view = view.panned(-1e6, -1e6)
    assert view.to_pane(4000, 3000) == (800, 500)


def test_a_side_that_fits_stays_in_the_middle() -> None:
    view = Viewport.fitting(Size(4000, 100), PANE).zoomed(1.0, 0, 0).panned(0, 300)
    assert view.to_pane(0, 50)[1] == 250


def test_zoom_has_limits() -> None:
    view = zoomed_in()
    assert view.zoomed(1e9, 0, 0).zoom == LARGEST_ZOOM
    assert 0 < view.zoomed(0, 0, 0).zoom <= view.fit_zoom


def test_photo_pixels_lie_on_whole_device_pixels_at_100_percent() -> None:
    view = Viewport.fitting(PHOTO, Size(801, 503)).zoomed(1.0, 13, 17)
    x, y = view.to_pane(1000, 1000)
    assert (x, y) == (round(x), round(y))


def test_a_photo_of_the_same_shape_is_seen_at_the_same_relative_place() -> None:
    view = zoomed_in()
    other = view.on(Size(2000, 1500))
    assert other.zoom == view.zoom
    assert other.x / 2000 == pytest.approx(view.x / 4000)


def test_a_photo_of_another_shape_is_seen_whole() -> None:
    assert zoomed_in().on(Size(3000, 4000)).is_fit


def test_a_fitting_photo_fits_the_larger_pane_too() -> None:
    assert Viewport.fitting(PHOTO, PANE).resized(Size(1600, 1000)).is_fit
    assert zoomed_in().resized(Size(1600, 1000)).zoom == 2.0


def test_the_box_seen_covers_the_pane() -> None:
    view = zoomed_in()
    left, top, right, bottom = view.rect_of(view.visible)
    assert left <= 0
    assert top <= 0
    assert right >= 800
    assert bottom >= 500
    assert right - left < 800 + 2 * 2.0 + 1
