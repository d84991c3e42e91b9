from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from engine.backbones import BackboneFile, BackboneSpec, Mirror, SizeRules, find_backbone
from engine.downloads import Downloader
from engine.errors import MissingWeights
from engine.folder_lock import folder_lock
from engine.progress import Cancelled, Silent
from engine.weights import ModelSpec
from restorer_app.cli import Program
from restorer_app.model_cards import free_space
from restorer_app.model_records import RECORDS, read_records
from restorer_app.model_store import ModelStore
from restorer_app.model_supply import hub_address
from restorer_app.places import models_folder
from tests.app.conftest import write_model
from tests.fake_hub import FakeHub, Shelf, fake_hub, safetensors_bytes

ROOT = Path(__file__).resolve().parents[2]
SMALL, LARGE, DECODER = (
    safetensors_bytes(size, seed) for seed, size in enumerate((40_000, 60_000, 20_000))
)


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def catalogue(**changes: object) -> tuple[BackboneSpec, ...]:
    """One model in two precisions; `changes` go to its autoencoder's entry."""

    def file(name: str, variant: str = "") -> BackboneFile:
        return BackboneFile(
            path=f"{name}.safetensors",
            role="transformer" if variant else "autoencoder",
            format="safetensors",
            variant=variant,
            mirrors=(Mirror(repo="who/tiny", file=f"sub/{name}.safetensors"),),
        )

    files = (
        file("small", "q4"),
        file("large", "bf16"),
        replace(file("vae"), **changes),  # type: ignore[arg-type]
    )
    spec = replace(
        find_backbone("flux1-schnell"),
        id="tiny",
        title="Tiny",
        files=files,
        size=SizeRules(multiple_of=16, minimum=16, native=64),
    )
    nc = replace(
        spec,
        id="tiny-nc",
        title="Tiny NC",
        licence="NC",
        opt_in=True,
        licence_url="https://x.test/licence",
    )
    return spec, nc


@dataclass
class Shop:
    """The program over a hub on this computer."""

    hub: FakeHub
    folder: Path
    shipped: list[ModelSpec]
    capture: pytest.CaptureFixture[str]
    specs: tuple[BackboneSpec, ...] = field(default_factory=catalogue)
    token: str = ""
    free: Callable[[Path], int] = lambda folder: 10**12
    out: str = ""
    err: str = ""

    @property
    def store(self) -> ModelStore:
        downloader = Downloader(
            token=lambda: self.token, free=self.free, sleep=lambda seconds: None, timeout=5.0
        )
        return ModelStore(
            folder=self.folder,
            catalogue=lambda: self.specs,
            downloader=downloader,
            hub=self.hub.address,
        )

    def run(self, *argv: str | Path) -> int:
        program = Program(models=lambda: self.shipped, open_store=lambda: self.store)
        code = program.run(["models", *map(str, argv)])
        self.out, self.err = self.capture.readouterr()
        return code

    def shelf(self, name: str) -> Shelf:
        return self.hub.shelves[f"/who/tiny/resolve/main/sub/{name}.safetensors"]

    @property
    def names(self) -> set[str]:
        place = self.folder / "tiny"
        return {path.name for path in place.iterdir()} if place.is_dir() else set()


@pytest.fixture
def shop(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Shop]:
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    with fake_hub() as hub:
        for name, data in (("small", SMALL), ("large", LARGE), ("vae", DECODER)):
            hub.put(f"who/tiny/resolve/main/sub/{name}.safetensors", Shelf(data))
        shipped = [write_model(tmp_path / "shipped" / "lite")]
        yield Shop(hub, tmp_path / "fetched", shipped, capsys)


def test_a_model_is_fetched_listed_verified_and_removed(shop: Shop) -> None:
    assert shop.run("list") == 0
    assert "tiny     unknown  Apache-2.0      to download" in shop.out
    assert shop.run("download", "tiny") == 0
    assert shop.out.startswith("tiny  q4 is here, in ")
    assert "May I sell the picture? Yes, without asking anyone." in shop.err
    assert shop.names == {"small.safetensors", "vae.safetensors", RECORDS, ".lock"}
    asked = len(shop.hub.asked)
    assert shop.run("list") == 0
    assert "here (q4)" in shop.out
    assert shop.run("verify") == 0
    assert shop.out == "lite  intact\ntiny  intact\n"
    assert shop.run("verify", "tiny") == 0
    files = shop.store.files("tiny", "q4")
    assert files["transformer"].read_bytes() == SMALL
    assert shop.run("remove", "tiny") == 0
    assert "removed" in shop.out
    assert not (shop.folder / "tiny").exists()
    assert len(shop.hub.asked) == asked, "nothing but a download asks the hub"


def test_what_is_here_is_not_fetched_again(shop: Shop) -> None:
    assert shop.run("download", "tiny") == 0
    asked = len(shop.hub.asked)
    assert shop.run("download", "tiny") == 0
    assert len(shop.hub.asked) == asked
    assert shop.run("download", "tiny", "--variant", "bf16") == 0
    assert [one.path.rsplit("/")[-1] for one in shop.hub.asked[asked:]] == ["large.safetensors"]
    (entry, _) = shop.store.entries()
    assert (entry.variants, entry.begun) == (("q4", "bf16"), False)
    assert entry.bytes == len(SMALL) + len(LARGE) + len(DECODER)


def test_the_same_file_of_another_model_is_copied(shop: Shop) -> None:
    shop.specs = catalogue(sha256=sha(DECODER))
    assert shop.run("download", "tiny") == 0
    asked = len(shop.hub.asked)
    assert shop.run("download", "tiny-nc", "--accept-licence") == 0
    names = [one.path.rsplit("/")[-1] for one in shop.hub.asked[asked:]]
    assert names == ["small.safetensors"]
    assert (shop.folder / "tiny-nc" / "vae.safetensors").read_bytes() == DECODER


def test_a_damaged_file_of_another_model_is_fetched_and_not_copied(shop: Shop) -> None:
    shop.specs = catalogue(sha256=sha(DECODER))
    assert shop.run("download", "tiny") == 0
    (shop.folder / "tiny" / "vae.safetensors").write_bytes(bytes(len(DECODER)))
    assert shop.run("download", "tiny-nc", "--accept-licence") == 0
    assert (shop.folder / "tiny-nc" / "vae.safetensors").read_bytes() == DECODER


def test_what_this_version_cannot_run_is_listed_and_not_fetched(shop: Shop) -> None:
    shop.specs = tuple(replace(spec, ready=False) for spec in shop.specs)
    assert shop.run("list") == 0
    assert "not yet" in shop.out
    assert shop.run("download", "tiny") == 1
    assert "cannot run Tiny yet" in shop.err
    assert shop.hub.asked == []


@pytest.mark.parametrize("verb", ["download", "import"])
def test_a_licence_of_its_own_has_to_be_accepted(shop: Shop, verb: str, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    words = [verb, "tiny-nc"] + ([tmp_path / "mine"] if verb == "import" else [])
    assert shop.run(*words) == 1
    assert "https://x.test/licence" in shop.err
    assert "--accept-licence" in shop.err
    assert shop.hub.asked == []


@pytest.mark.parametrize(
    ("refusals", "said"),
    [
        ([(403, "")], "does not give vae.safetensors to everyone"),
        ([(404, "")], "vae.safetensors is no longer at 127.0.0.1"),
        ([(429, "600")], "Try again in 10 min"),
    ],
)
def test_refusals_are_a_sentence_and_code_1(
    shop: Shop, refusals: list[tuple[int, str]], said: str
) -> None:
    shop.shelf("vae").refusals = refusals
    assert shop.run("download", "tiny") == 1
    assert said in shop.err
    assert "Traceback" not in shop.err
    assert shop.run("list") == 0
    assert "begun" in shop.out
    assert shop.run("download", "tiny") == 0, "and the same command goes on"
    assert [one.path for one in shop.hub.asked].count(
        "/who/tiny/resolve/main/sub/small.safetensors"
    ) == 1


def test_a_gated_model_comes_with_a_token(shop: Shop) -> None:
    shop.shelf("small").wants_token = "secret"
    assert shop.run("download", "tiny") == 1
    assert "restorer models login" in shop.err
    shop.token = "secret"
    assert shop.run("download", "tiny") == 0
    assert "secret" not in shop.out + shop.err
    assert "secret" not in (shop.folder / "tiny" / RECORDS).read_text("utf-8")


def test_a_folder_that_cannot_be_looked_into_holds_no_models(shop: Shop) -> None:
    shop.folder /= "x" * 300  # no system has such names; the error is like that of a closed folder
    assert shop.run("list") == 0
    assert "to download" in shop.out
    assert shop.run("remove", "tiny") == 1
    assert "not on this machine" in shop.err
    assert shop.run("download", "tiny") == 1
    assert "Traceback" not in shop.err
    assert free_space(shop.folder) is None


def test_no_space_is_a_sentence_before_anything_is_fetched(shop: Shop) -> None:
    shop.free = lambda folder: 1000
    assert shop.run("download", "tiny") == 1
    assert "GB free" in shop.err
    assert shop.hub.asked == []


def test_no_right_to_write_is_a_sentence(shop: Shop) -> None:
    shop.folder.write_text("a file where the folder should be")
    assert shop.run("download", "tiny") == 1
    assert "cannot be written" in shop.err


def test_corrupt_bytes_leave_no_file(shop: Shop) -> None:
    shop.specs = catalogue(sha256=sha(DECODER))
    shop.shelf("vae").data = DECODER[:-1] + b"\0"
    assert shop.run("download", "tiny") == 1
    assert "damaged or altered" in shop.err
    assert "vae.safetensors" not in shop.names
    with pytest.raises(MissingWeights):
        shop.store.files("tiny", "q4")


def test_a_second_download_of_the_same_model_is_refused(shop: Shop) -> None:
    place = shop.folder / "tiny"
    place.mkdir(parents=True)
    (place / "small.safetensors.part").write_bytes(SMALL[:100])
    with folder_lock(place):
        for verb in ("download", "verify", "remove"):
            assert shop.run(verb, "tiny") == 1
            assert "at work on Tiny already" in shop.err
    assert (place / "small.safetensors.part").exists()
    assert shop.hub.asked == []


def test_a_cancelled_download_leaves_a_part_and_goes_on(shop: Shop) -> None:
    class Stops:
        def report(self, done: float, stage: str = "") -> None:
            if "waiting" in stage:
                raise Cancelled

    shop.shelf("small").breaks_after = [30_000]
    with pytest.raises(Cancelled):
        shop.store.download("tiny", Stops())
    assert {"small.safetensors.part", "small.safetensors.part.json"} <= shop.names
    assert "small.safetensors" not in shop.names
    assert shop.run("list") == 0
    assert "begun" in shop.out
    assert shop.run("download", "tiny") == 0
    assert 30_000 in shop.hub.starts


def test_cancelling_ends_with_130_and_says_how_to_go_on(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*args: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ModelStore, "download", stop)
    assert shop.run("download", "tiny") == 130
    assert "The same command goes on where it stopped." in shop.err


@pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
def test_ctrl_c_ends_a_silent_download_and_leaves_what_came(shop: Shop, tmp_path: Path) -> None:
    shop.shelf("small").breaks_after = [30_000]
    shop.shelf("small").stall = True
    script = (
        "import sys; from pathlib import Path\n"
        "from restorer_app.cli import Program; from restorer_app.model_store import ModelStore\n"
        "from tests.app.test_models import catalogue\n"
        f"store = ModelStore(folder=Path({str(shop.folder)!r}), catalogue=catalogue,\n"
        f"    hub={shop.hub.address!r})\n"
        "sys.exit(Program(open_store=lambda: store).run(['models', 'download', 'tiny']))\n"
    )
    command = [sys.executable, "-c", script]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    part = shop.folder / "tiny" / "small.safetensors.part"
    until = time.monotonic() + 60
    while not (part.exists() and part.stat().st_size) and time.monotonic() < until:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 130
    came = part.stat().st_size
    assert came > 0
    shop.shelf("small").stall = False
    assert shop.run("download", "tiny") == 0
    assert came in shop.hub.starts


def test_verify_names_what_is_damaged(shop: Shop) -> None:
    assert shop.run("download", "tiny") == 0
    place = shop.folder / "tiny"
    (place / "vae.safetensors").write_bytes(DECODER[:-1] + b"\0")
    (place / "small.safetensors").write_bytes(SMALL[:-1])
    assert shop.run("verify", "tiny") == 1
    assert shop.out.splitlines() == [
        "tiny  DAMAGED",
        f"  small.safetensors has {len(SMALL) - 1} bytes instead of {len(SMALL)}",
        "  vae.safetensors was altered: its checksum differs",
    ]
    (place / "small.safetensors").unlink()
    assert shop.run("verify", "tiny") == 1
    assert "small.safetensors is missing" in shop.out


def test_verify_fills_in_what_nobody_knew(shop: Shop) -> None:
    place = shop.folder / "tiny"
    place.mkdir(parents=True)
    (place / "vae.safetensors").write_bytes(DECODER)
    assert shop.run("verify", "tiny") == 0
    assert "vae.safetensors: its checksum is kept from now on" in shop.out
    assert read_records(place)["vae.safetensors"].sha256 == sha(DECODER)
    assert shop.run("verify", "tiny") == 0
    assert shop.out == "tiny  intact\n"


def test_a_file_that_lies_there_is_taken_if_it_is_right(shop: Shop) -> None:
    shop.specs = catalogue(sha256=sha(DECODER))
    place = shop.folder / "tiny"
    place.mkdir(parents=True)
    (place / "vae.safetensors").write_bytes(DECODER)
    (place / "small.safetensors").write_bytes(b"half a file")
    assert shop.run("download", "tiny") == 0
    assert [one.path.rsplit("/")[-1] for one in shop.hub.asked] == ["small.safetensors"]
    assert shop.run("verify", "tiny") == 0


def test_records_that_cannot_be_read_count_as_none(shop: Shop) -> None:
    assert shop.run("download", "tiny") == 0
    (shop.folder / "tiny" / RECORDS).write_text('{"files": {"small.safetensors": {"bytes": "x"}}}')
    assert shop.run("list") == 0
    assert "to download" in shop.out
    assert shop.run("verify", "tiny") == 0
    assert shop.run("list") == 0
    assert "here (q4)" in shop.out


def test_files_of_the_user_are_imported(shop: Shop, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    (mine / "deep").mkdir(parents=True)
    (mine / "deep" / "large.safetensors").write_bytes(LARGE)
    assert shop.run("import", "tiny", mine) == 1
    assert "still missing: vae.safetensors" in shop.err
    (mine / "vae.safetensors").write_bytes(DECODER)
    assert shop.run("import", "tiny", mine) == 0
    assert shop.out == "tiny  bf16 is here\n"
    assert (mine / "vae.safetensors").read_bytes() == DECODER
    assert shop.run("verify", "tiny") == 0
    assert shop.hub.asked == []


def test_damaged_files_are_not_imported(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "vae.safetensors").write_bytes(DECODER[:-5])
    assert shop.run("import", "tiny", tmp_path / "mine") == 1
    assert "vae.safetensors is damaged: it has" in shop.err
    assert shop.names <= {".lock"}
    assert shop.run("verify") == 0
    assert shop.out == "lite  intact\n"


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_nothing_to_import_is_a_sentence(shop: Shop, tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    assert shop.run("import", "tiny", tmp_path / name) == 1
    assert str(tmp_path / name) in shop.err


def test_what_else_lies_in_the_folder_stays(shop: Shop) -> None:
    assert shop.run("download", "tiny") == 0
    (shop.folder / "tiny" / "my notes.txt").write_text("keep")
    assert shop.run("remove", "tiny") == 0
    assert shop.names == {"my notes.txt"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["download", "sdxl"], "There are: tiny, tiny-nc."),
        (["download", "tiny", "--variant", "q9"], "Choose one of: q4, bf16."),
        (["download", "lite"], "“lite” belongs to the program"),
        (["remove", "lite"], "“lite” belongs to the program"),
        (["remove", "tiny"], "Tiny is not on this machine"),
        (["verify", "tiny"], "restorer models download tiny"),
        (["verify", "sdxl"], "No model called “sdxl”"),
    ],
)
def test_what_cannot_be_done_says_why(shop: Shop, words: list[str], said: str) -> None:
    assert shop.run(*words) == 1
    assert said in shop.err
    assert not shop.folder.exists()


@pytest.mark.parametrize("words", [[], ["fetch", "x"], ["download"], ["import", "tiny"]])
def test_incomplete_commands_are_misuse(shop: Shop, words: list[str]) -> None:
    assert shop.run(*words) == 2
    assert "usage: restorer models" in shop.err


def test_progress_runs_forward_over_all_files(shop: Shop) -> None:
    heard: list[float] = []

    class Listens:
        def report(self, done: float, stage: str = "") -> None:
            heard.append(done)

    shop.store.download("tiny", Listens())
    assert heard == sorted(heard)
    assert heard[-1] == 1.0


def test_folder_and_hub_follow_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("RESTORER_MODELS", str(tmp_path))
    monkeypatch.setenv("HF_ENDPOINT", "https://mirror.test/")
    assert models_folder() == tmp_path
    assert hub_address() == "https://mirror.test"
    monkeypatch.delenv("HF_ENDPOINT")
    assert hub_address().startswith("https://")


def test_records_are_plain_json(shop: Shop) -> None:
    shop.store.download("tiny", Silent())
    table = json.loads((shop.folder / "tiny" / RECORDS).read_text("utf-8"))
    assert table["files"]["vae.safetensors"] == {
        "bytes": len(DECODER),
        "sha256": sha(DECODER),
        "source": f"{shop.hub.address}/who/tiny/resolve/main/sub/vae.safetensors",
        "commit": "",
    }


class _Terminal:
    """A standard input at which somebody sits."""

    def isatty(self) -> bool:
        return True


def test_who_gives_no_token_after_all_keeps_the_one_there_is(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end_of_input(prompt: str) -> str:
        raise EOFError  # what Ctrl-D does

    kept: list[str] = []
    monkeypatch.setattr(sys, "stdin", _Terminal())
    monkeypatch.setattr("getpass.getpass", end_of_input)
    monkeypatch.setattr("restorer_app.model_verbs.keep_token", kept.append)
    assert shop.run("login") == 130
    assert kept == []
