import numpy as np
import pytest

from engine.tiles import Canvas, Tiling, tiles


def _assembled(width: int, height: int, tiling: Tiling) -> np.ndarray:
    rng = np.random.default_rng(1)
    picture = rng.random((height, width, 3), np.float32)
    out = np.full_like(picture, np.nan)
    tops = []

    def write(top: int, rows: np.ndarray) -> None:
        tops.append(top)
        assert np.isnan(out[top : top + len(rows)]).all(), "rows are written once"
        out[top : top + len(rows)] = rows

    canvas = Canvas(width, height, tiling, write)
    for tile in tiles(width, height, tiling):
        canvas.add(tile, picture[tile.seen.slices])
    canvas.finish()
    assert tops == sorted(tops)
    return np.abs(out - picture)


@pytest.mark.parametrize(
    ("width", "height"), [(1, 1), (64, 64), (65, 63), (130, 7), (201, 333), (64, 500)]
)
def test_tiles_of_an_unchanged_picture_give_it_back(width: int, height: int) -> None:
    assert _assembled(width, height, Tiling(64, 16)).max() < 1e-6


def test_neighbours_are_mixed_gradually() -> None:
    tiling = Tiling(64, 16)
    out = np.zeros((64, 200, 1), np.float32)

    def write(top: int, rows: np.ndarray) -> None:
        out[top : top + len(rows)] = rows

    canvas = Canvas(200, 64, tiling, write)
    for index, tile in enumerate(tiles(200, 64, tiling)):
        canvas.add(tile, np.full((tile.seen.height, tile.seen.width, 1), index % 2, np.float32))
    canvas.finish()
    steps = np.abs(np.diff(out[10, :, 0]))
    assert steps.max() <= 1 / (2 * tiling.blend) + 1e-6


def test_no_tile_is_larger_than_asked() -> None:
    for tile in tiles(1000, 777, Tiling(256, 32, align=16)):
        assert max(tile.seen.width, tile.seen.height) <= 256


def test_every_tile_starts_on_the_network_s_grid() -> None:
    for tile in tiles(1000, 777, Tiling(256, 32, align=16)):
        assert tile.seen.left % 16 == tile.seen.top % 16 == 0


def test_a_tile_without_a_core_is_refused() -> None:
    with pytest.raises(ValueError, match="core"):
        Tiling(64, 32)


def test_a_core_is_never_mixed_from_both_sides_at_once() -> None:
    with pytest.raises(ValueError, match="core"):
        Tiling(74, 20, align=16)
    tiling = Tiling(75, 20, align=16)
    for length in range(76, 300):  # the last of them, or the only two, may have hardly a core
        assert _assembled(length, 40, tiling).max() < 1e-6


def test_every_tile_sees_as_much_and_there_are_no_more_than_it_takes() -> None:
    widths = [tile.seen.width for tile in tiles(1000, 200, Tiling(400, 50))]
    assert widths == [400, 400, 400]
    widths = [tile.seen.width for tile in tiles(1001, 200, Tiling(400, 50))]
    assert len(widths) == 4
    assert max(widths) - min(widths) <= 1
