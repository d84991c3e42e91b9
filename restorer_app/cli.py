"""The commands of `restorer`, and how each ends.

Exit codes: 0 all done, 1 some inputs failed or the answer could not be written, 2 wrong usage,
130 cancelled.
"""

from __future__ import annotations

import importlib
import sys
from collections import Counter
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

from engine.backbones import backbones
from engine.errors import BadPreset, BadRecipe, NoWindow, RestorerError
from engine.preset import load_presets
from engine.progress import Cancelled
from engine.weights import models
from restorer_app import local_engine
from restorer_app.arguments import COMMANDS, PASSED_ON, Arguments, build_parser
from restorer_app.console import Console, Printed
from restorer_app.interrupts import CANCELLED, Interrupts
from restorer_app.orders import Misuse, order_from
from restorer_app.places import cache_folder, models_folder, preset_folder
from restorer_app.presence import is_present
from restorer_app.report import Failed, sentence
from restorer_app.streams import silence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import TextIO

    from engine.messages import Event
    from engine.preset import Preset
    from engine.weights import ModelSpec
    from restorer_app.crew import EngineDoor
    from restorer_app.engine_process import Died
    from restorer_app.local_engine import Engine, Machine
    from restorer_app.model_store import ModelStore
    from restorer_app.own_adapters import OwnAdapter
    from restorer_app.report import Outcome
    from restorer_app.restoring import OpenProcess

DONE, FAILED, USAGE = 0, 1, 2

_BENCHES = {
    "quality": "trainer.bench.quality",
    "speed": "trainer.bench.speed",
    "gpu": "trainer.bench.gpu",
    "claims": "trainer.bench.claims",
    "texture": "trainer.bench.texture",
    "ui": "restorer_app.gui.tour.bench_window",
}
_ANEW = frozenset(
    {"degrade", "latents", "drafts", "select", "expert", "mean", "evaluate", "ranges"}
)
"""Commands of `train` that leave nothing to go on from."""


def _open_window(argv: Sequence[str]) -> int:
    try:
        from restorer_app.gui.app import run_window
    except ImportError as error:
        # A system without some library of Qt; the command line does not need it.
        raise NoWindow(f"The window cannot be opened: {error}.") from error
    return run_window(argv)


def _open_process(cache: Path, listen: Callable[[Event | Died], None], threads: int) -> EngineDoor:
    from restorer_app.engine_process import EngineProcess

    return EngineProcess(cache, listen, threads=threads)


def _open_store() -> ModelStore:
    from restorer_app.model_store import ModelStore

    return ModelStore()


def _own_adapters() -> Sequence[OwnAdapter]:
    from restorer_app.own_adapters import own_adapters
    from restorer_app.training_store import TrainingStore

    store = TrainingStore()
    return own_adapters(store, store.load().trainings)


@dataclass(frozen=True, kw_only=True)
class Program:
    """The program with all that it stands on, so that a test can put something else there."""

    open_engine: Callable[[Path], Engine] = local_engine.open_engine
    open_process: OpenProcess = _open_process
    inspect_machine: Callable[[], Machine] = local_engine.inspect_machine
    models: Callable[[], Sequence[ModelSpec]] = models
    open_store: Callable[[], ModelStore] = _open_store
    own_adapters: Callable[[], Sequence[OwnAdapter]] = _own_adapters
    preset_folders: tuple[Path, ...] = field(default_factory=lambda: (preset_folder(),))
    cache: Path = field(default_factory=cache_folder)
    open_window: Callable[[Sequence[str]], int] = _open_window

    def run(self, argv: Sequence[str]) -> int:
        """Run one command line; gives the exit code and raises nothing a user can cause."""
        console = Console(quiet="--quiet" in argv)
        code = self._conducted(argv, console)
        for stream in console.broken:
            silence(stream)
        return FAILED if code == DONE and console.lost else code

    def _conducted(self, argv: Sequence[str], console: Console) -> int:
        try:
            return self._command(argv, console)
        except Misuse as error:
            console.error(f"restorer: error: {error}")
            return USAGE
        except (BadRecipe, BadPreset) as error:
            console.error(f"restorer: error: {sentence(error)} {error.remedy}")
            return USAGE
        except RestorerError as error:
            console.error(f"{sentence(error)} {error.remedy}".rstrip())
            return FAILED
        except (Cancelled, KeyboardInterrupt):
            console.note(f"Cancelled.{_how_to_go_on(argv)}")
            return CANCELLED
        except BrokenPipeError:
            silence(sys.stdout)  # whoever read our lines is gone
            return FAILED

    def _command(self, argv: Sequence[str], console: Console) -> int:
        if argv and argv[0] in PASSED_ON:
            return _pass_on(argv, console)
        if _names_files(argv):
            return self.open_window(argv)
        parser = build_parser()
        try:
            arguments = parser.parse_args(argv, namespace=Arguments())
        except SystemExit as end:
            return end.code if isinstance(end.code, int) else USAGE
        match arguments.command:
            case "restore" | "batch":
                return self._restore(arguments, console)
            case "presets":
                return self._list_presets(arguments, console)
            case "models":
                return self._models(arguments, console)
            case "doctor":
                return self._doctor(console)
        if arguments.version:
            console.line(f"restorer {_version()}")
            return DONE
        parser.print_help(sys.stderr)
        return USAGE

    def _restore(self, arguments: Arguments, console: Console) -> int:
        from restorer_app.batch import run_batch
        from restorer_app.errands import plan_inputs
        from restorer_app.restoring import Restoring

        known = [*(model.id for model in self.models()), *(spec.id for spec in backbones())]
        order = order_from(arguments, self._presets(console), known, self.own_adapters)
        with Interrupts() as interrupts:
            restoring = Restoring(
                order=order,
                console=console,
                interrupts=interrupts,
                open_engine=self.open_engine,
                open_process=self.open_process,
                inspect_machine=self.inspect_machine,
                cache=self.cache,
                workers=arguments.workers,
                as_json=arguments.json,
            )
            if arguments.command == "restore":
                errands = plan_inputs(arguments.inputs, arguments.output, order.format)
                outcomes = restoring.run(errands)
            else:
                outcomes = run_batch(
                    restoring,
                    arguments.folder,
                    Path(arguments.output),
                    recursive=arguments.recursive,
                    resume=arguments.resume,
                )
        return _conclusion(outcomes, console)

    def _presets(self, console: Console) -> dict[str, Preset]:
        """The presets; a broken one of the user's own must not lock them out of the others."""

        def leave_out(error: BadPreset) -> None:
            console.note(f"A preset of yours is left out: {sentence(error)} {error.remedy}")

        return load_presets(self.preset_folders, refused=leave_out)

    def _list_presets(self, arguments: Arguments, console: Console) -> int:
        from restorer_app.listings import list_presets

        list_presets(self._presets(console), console, as_json=arguments.json)
        return DONE

    def _models(self, arguments: Arguments, console: Console) -> int:
        from restorer_app.model_verbs import ModelVerbs

        with Interrupts() as interrupts:
            verbs = ModelVerbs(
                shipped=self.models(),
                store=self.open_store(),
                own=self.own_adapters,
                console=console,
                interrupts=interrupts,
            )
            return DONE if verbs.run(arguments) else FAILED

    def _doctor(self, console: Console) -> int:
        from restorer_app.doctor import examine

        findings = examine(
            inspect_machine=self.inspect_machine,
            models=self.models,
            store=self.open_store(),
            preset_folders=self.preset_folders,
            cache=self.cache,
        )
        for finding in findings:
            console.line(str(finding))
        return DONE if all(finding.well for finding in findings) else FAILED


def _how_to_go_on(argv: Sequence[str]) -> str:
    """What continues a command that was cancelled, for those where something does."""
    if list(argv[:1]) == ["batch"]:
        return " The same command with --resume goes on."
    trains = list(argv[:1]) == ["train"] and not _ANEW.intersection(argv[1:2])
    if trains or list(argv[:2]) in (["models", "download"], ["models", "encode"]):
        return " The same command goes on where it stopped."
    return ""


def _names_files(argv: Sequence[str]) -> bool:
    """Whether the program was started as desktops do: alone, or with the files to open."""
    return all(not word.startswith("-") and _is_place(word) for word in argv)


def _is_place(word: str) -> bool:
    """Whether a word is a file or folder, and not a command beside which a folder of its name
    happens to lie."""
    return word not in COMMANDS and is_present(Path(word))


def _pass_on(argv: Sequence[str], console: Console) -> int:
    """Hand a command over to the trainer, by name: it loads torch, this program never does."""
    if argv[0] == "train":
        with _printing(console):
            main = importlib.import_module("trainer.cli").main
            return int(main(list(argv[1:]), models_folder()))
    verb = argv[1] if len(argv) > 1 else "nothing"
    if verb in ("-h", "--help"):
        console.line(f"usage: restorer bench {'|'.join(_BENCHES)} ...\n")
        console.line("Each of them says with --help what it measures and takes.")
        return DONE
    if verb not in _BENCHES:
        known = ", ".join(_BENCHES)
        raise Misuse(f"bench: {known} can be measured, not {verb}")
    with _printing(console):
        return int(importlib.import_module(_BENCHES[verb]).main(list(argv[2:])))


@contextmanager
def _printing(console: Console) -> Iterator[None]:
    """What is printed meanwhile goes by the console, which outlives a full disk."""
    out, err = Printed(sys.stdout, console.answer), Printed(sys.stderr, console.aside)
    with redirect_stdout(cast("TextIO", out)), redirect_stderr(cast("TextIO", err)):
        yield


def _conclusion(outcomes: Sequence[Outcome], console: Console) -> int:
    kinds = Counter(isinstance(outcome, Failed) for outcome in outcomes)
    if len(outcomes) > 1:
        failures = f", {kinds[True]} failed" if kinds[True] else ""
        console.note(f"{len(outcomes)} photos: {kinds[False]} done{failures}.")
    return FAILED if kinds[True] else DONE


def _version() -> str:
    from importlib import metadata

    try:
        return metadata.version("restorer")
    except metadata.PackageNotFoundError:
        return "from a checkout"
