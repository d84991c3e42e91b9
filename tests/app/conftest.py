"""What the tests of the program share: photos, presets, and the program over a double."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.messages import Event
from engine.weights import ModelSpec, WeightFile, sha256
from restorer_app.cli import Program
from restorer_app.crew import EngineDoor
from restorer_app.engine_process import Died
from restorer_app.local_engine import Machine
from restorer_app.model_store import ModelStore
from restorer_app.own_adapters import OwnAdapter, own_adapters
from restorer_app.training_plan import adapter_file
from restorer_app.training_store import TrainingStore
from restorer_app.trainings import StepState, TrainingOrder
from tests.app.crew_doubles import open_crew
from tests.doubles import FakeRestorer, Hook, no_hook

PRESETS = {
    "auto": 'task = "auto"\norder = 1',
    "denoise": 'task = "denoise"\norder = 2',
    "upscale": 'task = "upscale"\nscale = 2\norder = 3',
    "derain": 'task = "derain"\nexperimental = true\nnote = "Leaves streaks."\norder = 4',
}


def write_photo(path: Path, seed: int = 0, size: tuple[int, int] = (24, 16)) -> Path:
    """A small picture whose pixels follow from `seed`, in the format of the name's ending."""
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)
    return path


def write_presets(folder: Path) -> Path:
    """Presets that the tests rely on, whatever ships with the program."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rest in PRESETS.items():
        head = f'id = "{name}"\ntitle = "{name.title()}"\nsummary = "For {name}."\n'
        (folder / f"{name}.toml").write_text(head + rest + "\n", encoding="utf-8")
    return folder


def machine() -> Machine:
    return Machine(
        torch="2.13.0", capability="AVX2", threads=2, device="cpu", why="there is no other"
    )


def write_model(folder: Path) -> ModelSpec:
    """A model of five bytes."""
    folder.mkdir(parents=True)
    (folder / "weights.safetensors").write_bytes(b"12345")
    file = WeightFile(
        path="weights.safetensors", bytes=5, sha256=sha256(folder / "weights.safetensors")
    )
    return ModelSpec(
        id="lite",
        title="Lite",
        licence="Apache-2.0",
        may_sell="Yes.",
        folder=folder,
        files=(file,),
    )


@dataclass
class Desk:
    """The program in a folder of its own, and what it said."""

    folder: Path
    presets: Path
    capture: pytest.CaptureFixture[str]
    errors: dict[str, BaseException] = field(default_factory=dict)
    hook: Hook = no_hook
    engines: list[FakeRestorer] = field(default_factory=list)
    shares: list[int] = field(default_factory=list)
    """Of cores, for each engine in a process of its own."""
    models: list[ModelSpec] = field(default_factory=list)
    inspect: Callable[[], Machine] = machine
    out: str = ""
    err: str = ""

    def run(self, *argv: str | Path) -> int:
        program = Program(
            open_engine=self._open,
            open_process=self._open_process,
            inspect_machine=self.inspect,
            models=lambda: self.models,
            preset_folders=(self.presets,),
            cache=self.folder / "cache",
            open_store=lambda: ModelStore(folder=self.folder / "models"),
            own_adapters=self._own_adapters,
        )
        code = program.run([str(word) for word in argv])
        self.out, self.err = self.capture.readouterr()
        return code

    def photo(self, name: str, seed: int = 0) -> Path:
        return write_photo(self.folder / name, seed)

    @property
    def lines(self) -> list[dict[str, object]]:
        """The JSON objects on stdout."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def asked(self) -> list[str]:
        """The names of the photos that an engine was asked to restore."""
        return [request.source.name for engine in self.engines for request in engine.asked]

    @property
    def kinds(self) -> list[str | None]:
        """The kind of error of each JSON object; None for a restored photo."""
        errors = [line.get("error") for line in self.lines]
        return [str(error["kind"]) if isinstance(error, dict) else None for error in errors]

    def trained(self, title: str, **changes: object) -> Path:
        """An adapter of the user's own, from a training that is through."""
        order = TrainingOrder(title=title, task="denoise", photos=self.folder)
        training = self.trainings.create(replace(order, **changes))  # type: ignore[arg-type]
        for step in training.steps:
            training = training.with_step(step.act, state=StepState.DONE)
        self.trainings.save(training)
        path = adapter_file(training.order, self.trainings.place(training.name))
        path.parent.mkdir()
        path.write_bytes(title.encode())
        return path

    @property
    def trainings(self) -> TrainingStore:
        return TrainingStore(self.folder / "trainings")

    def _own_adapters(self) -> list[OwnAdapter]:
        return own_adapters(self.trainings, self.trainings.load().trainings)

    def _open(self, cache: Path) -> FakeRestorer:
        self.engines.append(FakeRestorer(cache, errors=self.errors, hook=self.hook))
        return self.engines[-1]

    def _open_process(
        self, cache: Path, listen: Callable[[Event | Died], None], threads: int
    ) -> EngineDoor:
        self.shares.append(threads)
        return open_crew(cache, listen, threads)


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Desk]:
    desk = Desk(tmp_path, write_presets(tmp_path / "presets"), capsys)
    desk.models.append(write_model(tmp_path / "models" / "lite"))
    yield desk
    left = list((tmp_path / "cache").glob("*"))
    assert not left, "a run leaves nothing in the cache"


@pytest.fixture
def photos(desk: Desk) -> Path:
    """A folder of three."""
    for seed, name in enumerate(("a.png", "b.jpg", "c.tif")):
        desk.photo(f"photos/{name}", seed)
    return desk.folder / "photos"


@pytest.fixture
def out(desk: Desk) -> Path:
    """A folder that is not there yet."""
    return desk.folder / "out"


def contents(folder: Path) -> dict[str, bytes]:
    """All files below `folder` by name, the journal left out."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".restorer-journal.jsonl"
    }
