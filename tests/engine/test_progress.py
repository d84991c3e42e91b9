import pytest

from engine.progress import Cancelled, Part


class _Heard:
    def __init__(self) -> None:
        self.heard: list[tuple[float, str]] = []

    def report(self, done: float, stage: str = "") -> None:
        self.heard.append((done, stage))


def test_a_part_of_a_part_lands_in_the_whole() -> None:
    whole = _Heard()
    Part(Part(whole, 0.5, 1.0), 0.0, 0.5).report(0.5, "restoring")
    assert whole.heard == [(0.625, "restoring")]


def test_reports_beyond_the_end_are_held_back() -> None:
    whole = _Heard()
    Part(whole, 0.2, 0.4).report(7)
    assert whole.heard[0][0] == pytest.approx(0.4)


def test_cancelled_passes_through_broad_handlers() -> None:
    def swallowing() -> None:
        try:
            raise Cancelled
        except Exception:  # noqa: BLE001  the very thing under test
            pytest.fail("swallowed")

    with pytest.raises(Cancelled):
        swallowing()
