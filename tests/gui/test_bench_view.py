"""The bench of the compare view measures what it says, and the view is quick at a small size."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from restorer_app.gui.tour.bench_view import timings


def test_small_photos_flip_and_pan_well_within_a_blink(qtbot: QtBot) -> None:
    found = {timing.name: timing for timing in timings(3)}
    flips = [timing for name, timing in found.items() if name.endswith("flip")]
    pans = [timing for name, timing in found.items() if name.endswith("pan")]
    assert len(flips) == len(pans) == 3
    # Far above what is measured: a busy machine must not fail this, waiting for a thread must.
    assert all(0 < timing.median < 100 for timing in flips + pans)
    assert found["3 MP open, until it is seen"].worst < 1000
