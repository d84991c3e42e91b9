import numpy as np
import pytest

from engine.diffusion.specialists.finding import Sight, probability, whole_marks
from engine.diffusion.tiled import smaller_reads
from engine.effort import FOUND_ON
from engine.photo import Box, FloatArray, floats
from engine.resize import times_smaller


def _sight(logits: FloatArray) -> Sight:
    height, width = logits.shape
    sight = Sight((width, height))
    sight.write(0, logits[..., None])
    return sight


def _seen(share: float, sure: float = 4.0) -> Sight:
    """A picture of which `share` looks destroyed and the rest intact, by `sure` logits each."""
    logits = np.full((200, 100), -sure, np.float32)
    logits[: round(200 * share)] = sure
    return _sight(logits)


def test_a_sight_keeps_logits_to_an_eighth_and_rows_from_any_top() -> None:
    logits = floats(np.random.default_rng(0).uniform(-15, 15, (30, 20)))
    sight = Sight((20, 30))
    sight.write(0, logits[:10, :, None])
    sight.write(10, logits[10:, :, None])
    assert np.abs(sight.logits(Box(0, 0, 20, 30)) - logits).max() <= 0.0626
    assert np.array_equal(
        sight.logits(Box(3, 8, 9, 15)), sight.logits(Box(0, 0, 20, 30))[8:15, 3:9]
    )


def test_what_is_far_off_the_scale_stays_at_its_end() -> None:
    assert _sight(floats([[-90.0, 90.0]])).logits(Box(0, 0, 2, 1)).tolist() == [[-16.0, 15.875]]


def test_a_picture_like_those_of_the_training_is_not_shifted() -> None:
    sight = _seen(0.05)
    prior = float(probability(sight.logits(Box(0, 0, 100, 200))).mean())
    assert sight.shift(prior) == pytest.approx(0, abs=1e-3)


def test_an_intact_picture_is_doubted_and_a_ruined_one_believed() -> None:
    assert _seen(0.0).shift(0.05) == -4
    assert -4 < _seen(0.01).shift(0.05) < -0.5
    assert 0.5 < _seen(0.3).shift(0.05) <= 1
    assert _seen(1.0).shift(0.05) == 1


def test_the_shift_gives_the_share_that_explains_what_was_seen() -> None:
    rng, share, prior = np.random.default_rng(1), 0.02, 0.05
    destroyed = rng.random((400, 500)) < share
    # logits of a classifier that is right about two normal classes when `prior` are destroyed
    x = floats(np.where(destroyed, 1.5, -1.5) + rng.normal(0, 1, destroyed.shape))
    logits = 3 * x + np.float32(np.log(prior / (1 - prior)))
    expected = np.log(share / (1 - share)) - np.log(prior / (1 - prior))
    assert _sight(logits).shift(prior) == pytest.approx(expected, abs=0.1)


def test_likely_pixels_count_only_where_they_touch_a_sure_one() -> None:
    damage = np.zeros((20, 40), np.float32)
    damage[5, 5:30] = 0.3
    damage[5, 10] = 0.7
    damage[15, 5:30] = 0.3
    marks = whole_marks(damage)
    assert marks[5, 5:30].all()
    assert marks.sum() == 25


def test_a_rim_far_less_sure_than_its_mark_stays() -> None:
    damage = np.full((9, 30), 1e-4, np.float32)
    damage[3], damage[4], damage[5] = 0.9, 0.999, 0.992
    marks = whole_marks(damage)
    assert marks[4:6].all()
    assert marks.sum() == 2 * 30, "0.9 beside 0.999 is the glow of a mark and not the mark"
    damage[4], damage[5] = 0.9, 0.98
    assert whole_marks(damage)[3:6].all(), "a soft mark is unsure all over"


def test_a_mark_surer_than_numbers_can_say_is_one_all_the_same() -> None:
    damage = np.zeros((9, 30), np.float32)
    damage[4] = 1
    assert np.array_equal(whole_marks(damage), damage == 1)


@pytest.mark.parametrize(
    ("size", "times"),
    [((1, 1), 1), ((1800, 1200), 1), ((3400, 2600), 1), ((6000, 4000), 2), ((9000, 6000), 4)],
)
def test_large_scans_are_looked_at_smaller(size: tuple[int, int], times: int) -> None:
    assert times_smaller(size[0] * size[1], FOUND_ON) == times


def test_a_smaller_copy_has_the_means_of_its_blocks() -> None:
    picture = floats(np.random.default_rng(0).random((20, 17, 3)))
    read = smaller_reads(lambda box: picture[box.slices], (17, 20), 3)
    whole = read(Box(0, 0, 6, 7))
    assert np.allclose(whole[2, 1], picture[6:9, 3:6].mean((0, 1)), atol=1e-6)
    assert np.allclose(whole[:, 5], read(Box(5, 0, 6, 7))[:, 0], atol=1e-6), "the end, repeated"
    assert np.allclose(whole[1:4, 2:5], read(Box(2, 1, 5, 4)), atol=1e-6)
    same = smaller_reads(lambda box: picture[box.slices], (17, 20), 1)
    assert np.array_equal(same(Box(2, 3, 9, 8)), picture[3:8, 2:9])


def test_what_was_seen_smaller_is_told_for_every_pixel_alike_in_any_box() -> None:
    sight = Sight((17, 20), 3)
    assert sight.size == (6, 7)
    seen = np.zeros((7, 6), np.float32)
    seen[3, 2] = 8.0
    sight.write(0, seen[..., None])
    whole = sight.logits(Box(0, 0, 17, 20))
    assert whole.shape == (20, 17)
    assert whole[10, 7] == 8.0 == whole.max(), "the middle of that pixel"
    for box in (Box(5, 6, 12, 13), Box(7, 10, 8, 11), Box(0, 0, 1, 1), Box(11, 15, 17, 20)):
        assert np.allclose(sight.logits(box), whole[box.slices], atol=1e-5)
    assert 0 < whole[10, 5] < 8


def test_rims_are_as_many_times_wider_as_the_picture_was_looked_at_smaller() -> None:
    damage = np.full((1, 16), 0.3, np.float32)
    damage[0, 0] = 1 - 1e-6
    assert whole_marks(damage).sum() == 14, "two pixels beside the surest are too unsure"
    assert whole_marks(damage, 3).sum() == 9


def test_a_look_at_the_half_counts_where_it_is_much_surer() -> None:
    sight, coarse = Sight((12, 10)), Sight((12, 10), 2)
    fine, half = np.full((10, 12, 1), -2.0, np.float32), np.full((5, 6, 1), -4.0, np.float32)
    half[1:3, 1:4] = 8.0
    half[4, 5] = 0.5
    sight.write(0, fine)
    coarse.write(0, half)
    sight.join(coarse)
    whole = sight.logits(Box(0, 0, 12, 10))
    assert (whole[3:5, 3:7] == 5.0).all()
    assert (whole[8:, :8] == -2.0).all()
    assert whole[9, 11] == -2.0, "half a logit less three"
    assert whole.min() == -2.0
