"""The queue over an engine that the test drives, and over a real process with a double inside."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest

from engine.files import load
from engine.messages import Drafted, Finished
from engine.preset import Preset
from engine.request import RestoreResult
from restorer_app import refusals
from restorer_app.engine_process import Died
from restorer_app.job_queue import JobQueue
from restorer_app.jobs import Job, JobState
from tests.app.conftest import write_photo
from tests.app.engine_doubles import (
    DENOISE,
    Clock,
    HandEngine,
    Loop,
    destination,
    open_double,
    request_for,
)

EXPERIMENTAL = Preset(
    id="derain", title="D", summary="s", task="derain", experimental=True, note="Leaves streaks."
)


class Bench:
    """A queue, its engine, and photos in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock = folder, Clock()
        self.engines: list[HandEngine] = []
        self.queue = JobQueue(
            folder / "cache",
            lambda call: call(),
            open_engine=self._open,
            clock=self.clock,
            measure=lambda path: 2.0,
        )

    def _open(self, cache: Path, listen: object) -> HandEngine:
        self.engines.append(HandEngine(cache, listen))  # type: ignore[arg-type]
        return self.engines[-1]

    @property
    def engine(self) -> HandEngine:
        return self.engines[-1]

    def add(self, name: str, **more: object) -> Job:
        source = write_photo(self.folder / name)
        output = destination(self.folder / "out" / name)
        return self.queue.add(request_for(source), output, **more)  # type: ignore[arg-type]

    def restore(self, seconds: float = 0.0) -> None:
        """Carry the running job to its end."""
        self.clock.now += seconds
        self.engine.finish()
        self.engine.saved()


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def states(queue: JobQueue) -> list[str]:
    return [str(job.state) for job in queue.jobs]


def test_a_job_runs_is_saved_and_leaves_no_result_file(bench: Bench) -> None:
    heard: list[tuple[str, float]] = []
    bench.queue.job_changed.connect(lambda job: heard.append((str(job.state), job.done)))
    job = bench.add("a.png")
    bench.engine.progress(0.5)
    restored = bench.engine.finish()
    assert job.state is JobState.RUNNING
    assert job.stage == "saving"
    bench.engine.saved()
    assert job.state is JobState.DONE
    assert not restored.exists()
    shares = [done for _, done in heard]
    assert shares == sorted(shares)
    assert heard[-1] == ("done", 1.0)


def test_the_recipe_names_the_preset_that_ran(bench: Bench) -> None:
    bench.add("a.png")
    bench.engine.finish(preset=EXPERIMENTAL)
    recipe = json.loads(bench.engine.saves[0][3].recipe)
    assert recipe["preset"]["id"] == "derain"


def test_one_job_is_in_the_engine_at_a_time_in_the_order_of_the_list(bench: Bench) -> None:
    names = ["a.png", "b.png", "c.png"]
    jobs = [bench.add(name) for name in names]
    assert bench.engine.asked == ["a.png"]
    bench.queue.move([jobs[2].id], 1)
    bench.restore()
    bench.restore()
    assert bench.engine.asked == ["a.png", "c.png", "b.png"]


def test_a_failed_job_leaves_the_others_alone_and_is_tried_again(bench: Bench) -> None:
    bad, good = bench.add("bad.png"), bench.add("good.png")
    bench.engine.fail()
    assert bad.state is JobState.FAILED
    assert str(bad.error) == "It is damaged. Look at it."
    assert "bad.png: It is damaged." in bench.queue.report()
    bench.restore()
    assert good.state is JobState.DONE
    assert bench.queue.retry_failed() == 1
    bench.restore()
    assert states(bench.queue) == ["done", "done"]
    assert bad.error is None


def test_a_preview_keeps_its_result_and_goes_before_waiting_photos(bench: Bench) -> None:
    bench.add("a.png")
    bench.add("b.png")
    shown = [request_for(write_photo(bench.folder / name)) for name in ("c.png", "d.png")]
    preview, second = bench.queue.add_previews(shown)
    bench.restore()
    assert bench.engine.asked == ["a.png", "c.png"]
    restored = bench.engine.finish()
    assert bench.queue.running is second
    assert preview.state is JobState.DONE
    assert preview.result is not None
    assert preview.result.restored == restored
    assert restored.exists()


def test_a_result_that_is_there_is_saved_without_another_run(bench: Bench) -> None:
    source = write_photo(bench.folder / "a.png")
    preview = bench.queue.add(request_for(source))
    restored = bench.engine.finish()
    output = destination(bench.folder / "b.png")
    job = bench.queue.add(preview.request, output, result=preview.result, keep_result=True)
    assert len(bench.engine.runs) == 1
    bench.engine.saved()
    assert job.state is JobState.DONE
    assert restored.exists()


def test_a_result_that_is_gone_is_computed_again(bench: Bench) -> None:
    source = write_photo(bench.folder / "a.png")
    preview = bench.queue.add(request_for(source))
    bench.engine.finish().unlink()
    bench.queue.add(preview.request, destination(bench.folder / "b.png"), result=preview.result)
    assert len(bench.engine.runs) == 2


def test_pausing_finishes_the_running_photo_and_begins_no_other(bench: Bench) -> None:
    bench.add("a.png")
    bench.add("b.png")
    bench.queue.pause()
    bench.restore()
    assert states(bench.queue) == ["done", "waiting"]
    preview = bench.queue.add(request_for(write_photo(bench.folder / "c.png")))
    bench.engine.finish()
    assert preview.state is JobState.DONE
    bench.queue.resume()
    assert bench.engine.asked == ["a.png", "c.png", "b.png"]


def test_warnings_and_experimental_presets_ask_for_a_look(bench: Bench) -> None:
    warned = bench.add("a.png")
    bench.engine.finish(warnings=("It is dark.",))
    bench.engine.saved("It had no profile.")
    doubtful = bench.add("b.png")
    bench.engine.finish(preset=EXPERIMENTAL)
    bench.engine.saved()
    assert warned.warnings == ("It is dark.", "It had no profile.")
    assert states(bench.queue) == ["needs_look", "needs_look"]
    assert doubtful.error is None


def test_a_running_job_is_cancelled_and_the_next_one_runs(bench: Bench) -> None:
    first, second = bench.add("a.png"), bench.add("b.png")
    bench.queue.cancel(first.id)
    bench.queue.cancel(first.id)
    assert bench.engine.cancelled == [first.id]
    bench.engine.progress(0.7)
    assert first.stage == "stopping"
    bench.engine.stop()
    assert first.state is JobState.CANCELLED
    assert bench.queue.running is second


def test_a_result_that_comes_after_the_cancel_is_thrown_away(bench: Bench) -> None:
    job = bench.add("a.png")
    bench.queue.cancel(job.id)
    restored = bench.engine.finish()
    assert job.state is JobState.CANCELLED
    assert not restored.exists()
    assert bench.engine.saves == []


def test_a_removed_running_job_leaves_when_it_has_stopped(bench: Bench) -> None:
    running, waiting = bench.add("a.png"), bench.add("b.png")
    third = bench.add("c.png")
    bench.queue.remove([running.id, waiting.id])
    assert bench.queue.jobs == (running, third)
    bench.engine.stop()
    assert bench.queue.jobs == (third,)
    assert bench.queue.running is third


def test_the_death_of_the_engine_fails_its_job_and_half_files_go(bench: Bench) -> None:
    job, following = bench.add("a.png"), bench.add("b.png")
    bench.queue.start()
    assert bench.queue.engine == "cpu"
    out = bench.folder / "out"
    out.mkdir()
    others = out / ".00000000000000ff.part"
    others.touch()
    bench.engine.finish()
    (out / ".0123456789abcdef.part").touch()
    bench.engine.tell(Died(-9))
    bench.engine.fail("WorkerDied", "The engine stopped.")
    assert job.error is not None
    assert job.error.kind == "WorkerDied"
    assert list(out.iterdir()) == [others]
    assert bench.queue.engine == ""
    assert bench.queue.running is following


@pytest.mark.parametrize("where", ["source", "taken", "other photo", "no format"])
def test_an_output_that_must_not_be_written_fails_before_the_work(bench: Bench, where: str) -> None:
    source, other = (write_photo(bench.folder / name) for name in ("a.png", "b.png"))
    bench.queue.pause()
    bench.queue.add(request_for(other), destination(bench.folder / "out" / "b.png"))
    taken = write_photo(bench.folder / "out" / "taken.png")
    path = {"source": source, "taken": taken, "other photo": other}.get(where, Path("a.xyz"))
    job = bench.queue.add(request_for(source), destination(path, overwrite=where != "taken"))
    bench.queue.move([job.id], 0)
    before = {path: path.read_bytes() for path in (source, other, taken)}
    bench.queue.resume()
    assert job.error is not None
    assert job.error.kind == "CannotSave"
    assert bench.engine.asked == ["b.png"]
    assert {path: path.read_bytes() for path in before} == before


def test_an_output_too_large_for_its_format_fails_before_the_work(bench: Bench) -> None:
    source = write_photo(bench.folder / "wide.png", size=(9000, 1))
    request = request_for(source)
    twice = replace(request, preset=replace(request.preset, scale=2))
    job = bench.queue.add(twice, destination(bench.folder / "out" / "wide.webp"))
    following = bench.add("a.png")
    assert "WebP ends at 16383 pixels" in str(job.error)
    assert bench.queue.running is following
    assert bench.engine.asked == ["a.png"]


def test_a_photo_that_has_gone_fails_alone(bench: Bench) -> None:
    job = bench.queue.add(request_for(bench.folder / "gone.png"))
    following = bench.add("a.png")
    assert job.state is JobState.FAILED
    assert "gone.png" in str(job.error)
    assert bench.queue.running is following


def test_times_are_judged_by_megapixels_done(bench: Bench) -> None:
    assert bench.queue.cost(24, DENOISE) is None
    for name in ("a.png", "b.png", "c.png"):
        bench.add(name)
    assert bench.queue.totals().seconds_left is None
    bench.restore(seconds=10)
    totals = bench.queue.totals()
    assert (totals.count, totals.done, totals.running, totals.waiting) == (3, 1, 1, 1)
    assert totals.seconds_left == pytest.approx(20)
    assert totals.share == pytest.approx(1 / 3)
    bench.clock.now += 5
    bench.engine.progress(0.5 / 0.95)
    totals = bench.queue.totals()
    assert totals.photo_seconds_left == pytest.approx(5)
    assert totals.seconds_left == pytest.approx(15)
    assert totals.megapixels_per_second == pytest.approx(0.2)
    assert bench.queue.cost(24, DENOISE) == pytest.approx(120)


def test_one_preset_tells_what_others_take(bench: Bench) -> None:
    bench.add("a.png")
    bench.restore(seconds=10)
    deblur = replace(DENOISE, id="deblur", task="deblur", deconvolves=True)
    assert bench.queue.cost(24, deblur) == pytest.approx(5 * (2 * 24 + 10 * 0.5))
    light = replace(DENOISE, id="light", task="low-light", working_side=576)
    assert bench.queue.cost(24, light) == pytest.approx(12)
    assert bench.queue.cost(24, light, adapter=True) == pytest.approx(132)
    larger = replace(DENOISE, id="x4", task="upscale", scale=4)
    assert bench.queue.cost(24, larger) == pytest.approx(1200)


def test_what_the_autopilot_took_is_what_was_measured(bench: Bench) -> None:
    source = write_photo(bench.folder / "auto.png")
    auto = Preset(id="auto", title="A", summary="s", task="auto")
    nothing, larger = replace(auto, task="nothing"), replace(auto, task="upscale", scale=2)
    for preset, passes in ((nothing, 0.1), (larger, 10.0)):
        queue = Bench(bench.folder / preset.task)
        job = queue.queue.add(request_for(source, auto), destination(queue.folder / "a.png"))
        waiting = queue.queue.add(request_for(source, auto), destination(queue.folder / "b.png"))
        queue.clock.now += 10
        before = queue.queue.totals().share
        queue.engine.finish(preset=preset)
        assert job.work == pytest.approx(2 * passes + 4.5 * 0.8)
        assert job.pixels == 2 * preset.scale**2
        assert waiting.work == pytest.approx(2 + 4.5 * 0.8)
        assert queue.queue.cost(2, DENOISE) == pytest.approx(10 * 2 / job.work)
        assert queue.queue.totals().share >= before, "it never runs backwards"


def test_settled_jobs_are_cleared_and_others_stay(bench: Bench) -> None:
    for name in ("a.png", "b.png", "c.png", "d.png"):
        bench.add(name)
    bench.restore()
    bench.engine.fail()
    bench.queue.cancel(bench.queue.jobs[3].id)
    bench.queue.clear_done()
    assert [job.source.name for job in bench.queue.jobs] == ["b.png", "c.png"]


def test_after_closing_nothing_is_heard(bench: Bench) -> None:
    job = bench.add("a.png")
    bench.queue.close()
    bench.engine.progress(0.5)
    assert bench.engine.closed
    assert job.done == 0.0


def test_a_result_nobody_waits_for_is_removed(bench: Bench) -> None:
    job = bench.add("a.png")
    restored = bench.engine.finish()
    bench.engine.saved()
    restored.write_bytes(b"late")
    assert job.result is not None
    bench.engine.tell(Finished(job.id, job.result))
    assert not restored.exists()


def test_thirty_photos_with_three_bad_and_a_deadly_one_over_a_real_process(tmp_path: Path) -> None:
    names = [f"{i:02}.png" for i in range(26)] + ["bad1.png", "bad2.png", "bad3.png", "deadly.png"]
    photos = [write_photo(tmp_path / "in" / name, i) for i, name in enumerate(sorted(names))]
    loop = Loop()
    queue = JobQueue(tmp_path / "cache", loop.post, open_engine=open_double)
    try:
        queue.add_many((request_for(p), destination(tmp_path / "out" / p.name)) for p in photos)
        queue.move([job.id for job in queue.jobs if "d" in job.source.stem], 3)
        loop.until(lambda: all(job.state.ended for job in queue.jobs))
    finally:
        queue.close()
    failed = {job.source.name: job.error.kind for job in queue.jobs if job.error}
    bad = dict.fromkeys(("bad1.png", "bad2.png", "bad3.png"), "BadPhoto")
    assert failed == {**bad, "deadly.png": "WorkerDied"}
    assert queue.totals().done == 26
    assert len(list((tmp_path / "out").iterdir())) == 26
    assert load(tmp_path / "out" / "00.png").width == 24
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_running_job_of_a_real_process_stops_within_a_second(tmp_path: Path) -> None:
    loop = Loop()
    queue = JobQueue(tmp_path / "cache", loop.post, open_engine=open_double)
    try:
        job = queue.add(request_for(write_photo(tmp_path / "slow.png"), DENOISE))
        loop.until(lambda: job.done > 0)
        asked = time.monotonic()
        queue.cancel(job.id)
        loop.until(lambda: job.state.ended)
    finally:
        queue.close()
    assert job.state is JobState.CANCELLED
    assert time.monotonic() - asked < 1


def test_time_is_judged_for_each_model_by_itself(bench: Bench) -> None:
    source = write_photo(bench.folder / "a.png")
    large = replace(request_for(source), model="flux1-schnell")
    bench.add("b.png")
    bench.queue.add(large, destination(bench.folder / "out" / "a.png"))
    bench.restore(seconds=10)
    assert bench.queue.totals().seconds_left is None  # of the large model nothing is known
    assert bench.queue.cost(24, DENOISE) == pytest.approx(120)
    assert bench.queue.cost(24, DENOISE, "flux1-schnell") is None
    bench.restore(seconds=200)
    assert bench.queue.cost(24, DENOISE) == pytest.approx(120)
    assert bench.queue.cost(24, DENOISE, "flux1-schnell") == pytest.approx(2400)
    bench.add("c.png")
    bench.queue.add(large, destination(bench.folder / "out" / "d.png"))
    assert bench.queue.totals().photo_seconds_left == pytest.approx(10)
    assert bench.queue.totals().seconds_left == pytest.approx(210)


def test_a_draft_is_removed_with_a_run_that_fails(bench: Bench) -> None:
    job = bench.add("a.png")
    draft = bench.engine.cache / "draft.npy"
    draft.parent.mkdir(parents=True)
    draft.write_bytes(b"draft")
    result = RestoreResult(
        request=job.request,
        preset=DENOISE,
        restored=draft,
        seconds=0.0,
        megapixels=2.0,
        device="cpu",
    )
    bench.engine.tell(Drafted(job.id, result))
    assert job.draft is result
    assert job.result is None
    bench.engine.fail()
    assert job.draft is None
    assert not draft.exists()


def test_a_job_cancelled_while_it_is_saved_leaves_no_result_file(bench: Bench) -> None:
    job = bench.add("a.png")
    restored = bench.engine.finish()
    bench.queue.cancel(job.id)
    bench.engine.stop()
    assert job.state is JobState.CANCELLED
    assert not restored.exists()


def test_a_result_that_could_not_be_saved_waits_for_another_try(bench: Bench) -> None:
    job = bench.add("a.png")
    restored = bench.engine.finish()
    bench.engine.fail("CannotSave", "There is no room left.")
    assert restored.exists()
    bench.queue.retry([job.id])
    assert len(bench.engine.runs) == 1
    assert len(bench.engine.saves) == 2


def test_of_results_that_could_not_be_saved_the_last_one_stays(bench: Bench) -> None:
    jobs = [bench.add(f"{number}.png") for number in range(3)]
    files = []
    for _ in jobs:
        files.append(bench.engine.finish())
        bench.engine.fail("CannotSave", "There is no room left.")
    assert [file.exists() for file in files] == [False, False, True]
    bench.queue.retry_failed()
    assert len(bench.engine.runs) == 4
    bench.restore()
    bench.restore()
    bench.engine.saved()
    assert states(bench.queue) == ["done"] * 3
    assert len(bench.engine.runs) == 5
    assert not list(bench.engine.cache.iterdir())


def test_a_failed_job_that_is_removed_takes_its_result_along(bench: Bench) -> None:
    job = bench.add("a.png")
    restored = bench.engine.finish()
    bench.engine.fail("CannotSave", "There is no room left.")
    bench.queue.remove([job.id])
    assert not restored.exists()


def test_a_result_that_others_look_at_outlives_the_job_that_could_not_save_it(bench: Bench) -> None:
    preview = bench.queue.add(request_for(write_photo(bench.folder / "a.png")))
    restored = bench.engine.finish()
    output = destination(bench.folder / "b.png")
    job = bench.queue.add(preview.request, output, result=preview.result, keep_result=True)
    bench.engine.fail("CannotSave", "There is no room left.")
    bench.queue.remove([job.id, preview.id])
    assert restored.exists()


def test_closing_while_a_picture_is_saved_leaves_no_half_file(bench: Bench) -> None:
    bench.add("a.png")
    out = bench.folder / "out"
    out.mkdir()
    others = out / ".00000000000000ff.part"
    others.touch()
    bench.engine.finish()
    (out / ".0123456789abcdef.part").touch()
    bench.queue.close()
    assert list(out.iterdir()) == [others]


def test_the_originals_are_looked_at_once_however_many_jobs_are_refused(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 20
    bench.queue.pause()
    for number in range(count):
        bench.add(f"{number}.png")
        write_photo(bench.folder / "out" / f"{number}.png")
    looks: list[Path] = []
    identity = refusals._identity
    monkeypatch.setattr(refusals, "_identity", lambda path: (looks.append(path), identity(path))[1])
    told: list[None] = []
    bench.queue.totals_changed.connect(lambda: told.append(None))
    bench.queue.resume()
    assert states(bench.queue) == ["failed"] * count
    assert len(looks) <= 3 * count  # each output and its original, and all originals once more
    assert len(told) == 1


def test_a_list_that_changes_while_jobs_are_refused_is_gone_through_anew(bench: Bench) -> None:
    bench.queue.pause()
    refused = [bench.add(f"{number}.png") for number in range(3)]
    fine = bench.add("fine.png")
    for job in refused:
        write_photo(bench.folder / "out" / job.source.name)

    def heard(job: Job) -> None:
        if job is refused[0]:
            bench.queue.remove([refused[0].id, refused[1].id])
            bench.queue.move([fine.id], 0)

    bench.queue.job_changed.connect(heard)
    bench.queue.resume()
    assert bench.queue.running is fine
    assert [str(job.state) for job in refused] == ["failed", "waiting", "waiting"]


def test_a_job_taken_away_when_the_refused_ones_are_told_is_not_begun(bench: Bench) -> None:
    bench.queue.pause()
    refused, gone, fine = (bench.add(name) for name in ("a.png", "b.png", "c.png"))
    write_photo(bench.folder / "out" / "a.png")
    told: list[None] = []

    def heard() -> None:
        told.append(None)
        if len(told) == 1:
            bench.queue.remove([gone.id])

    bench.queue.totals_changed.connect(heard)
    bench.queue.resume()
    assert bench.engine.asked == ["c.png"]
    assert bench.queue.jobs == (refused, fine)
