from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import pytest

from engine.backbones import ENCODER, BackboneFile, BackboneSpec, Mirror, find_backbone
from engine.diffusion.flux.phrase_encoder import write_prompts
from engine.diffusion.flux.prompts import load_prompt
from engine.downloads import RESERVE, Downloader
from engine.errors import MissingWeights, RestorerError, WorkerDied
from engine.phrases import PROMPTS, EncodeOrder, Phrase, prompt_for, stored
from engine.preset import Preset
from engine.progress import Cancelled, Progress, Silent
from engine.weights import ModelSpec
from restorer_app import model_verbs
from restorer_app.cli import Program
from restorer_app.model_phrases import PhraseWriter, encode_in_child, has_transformers
from restorer_app.model_records import RECORDS
from restorer_app.model_store import ModelStore
from tests.app.conftest import write_model
from tests.app.phrase_children import HANGS, die, say_half_and_hang
from tests.diffusion.tiny_encoders import QWEN_WIDTH, write_qwen
from tests.fake_hub import FakeHub, Shelf, fake_hub, safetensors_bytes

MODEL = safetensors_bytes(40_000)
TOKENS = 48
PRESETS = (
    Preset(id="derain", title="Remove rain", summary="", task="derain", phrase="Remove the rain."),
    Preset(id="dehaze", title="Dehaze", summary="", task="dehaze", phrase="Remove the haze."),
    Preset(id="auto", title="Auto", summary="", task="auto"),
)


@pytest.fixture(scope="module")
def qwen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("qwen")
    write_qwen(folder)
    return folder


def tiny_spec(qwen: Path) -> BackboneSpec:
    """A model that follows words, its encoder in the real layout."""
    names = [path.relative_to(qwen) for path in sorted(qwen.rglob("*")) if path.is_file()]
    encoder = tuple(
        BackboneFile(
            path=f"{ENCODER}/{name.as_posix()}",
            role="tokenizer" if name.parts[0] == "tokenizer" else "text-encoder",
            format="diffusers",
            bytes=(qwen / name).stat().st_size,
            mirrors=(Mirror(repo="who/tiny", file=name.as_posix()),),
        )
        for name in names
    )
    files = tuple(
        BackboneFile(
            path=f"{role}.safetensors",
            role=role,
            format="safetensors",
            variant=variant,
            bytes=len(MODEL),
            mirrors=(Mirror(repo="who/tiny", file=f"{role}.safetensors"),),
        )
        for role, variant in (("transformer", "fp8"), ("autoencoder", ""))
    )
    spec = find_backbone("flux2-klein-4b")
    return replace(spec, id="tiny", title="Tiny", files=files, encoder=encoder, text_tokens=TOKENS)


@dataclass
class Shop:
    """The program over a hub on this computer; encodes in this process unless told otherwise."""

    hub: FakeHub
    folder: Path
    spec: BackboneSpec
    shipped: list[ModelSpec]
    capture: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch
    presets: tuple[Preset, ...] = PRESETS
    encode: Callable[[EncodeOrder, Progress], None] = write_prompts
    has_library: bool = True
    memory: int | None = 16 * 10**9
    room: int = 10**12
    out: str = ""
    err: str = ""
    orders: list[EncodeOrder] = field(default_factory=list)

    @property
    def place(self) -> Path:
        return self.folder / "tiny"

    @property
    def store(self) -> ModelStore:
        downloader = Downloader(free=lambda folder: self.room, sleep=lambda s: None, timeout=5.0)
        return ModelStore(
            folder=self.folder,
            catalogue=lambda: (self.spec,),
            downloader=downloader,
            hub=self.hub.address,
        )

    @property
    def writer(self) -> Callable[..., PhraseWriter]:
        def encode(order: EncodeOrder, progress: Progress) -> None:
            self.orders.append(order)
            self.encode(order, progress)

        return partial(
            PhraseWriter,
            presets=lambda: self.presets,
            encode_phrases=encode,
            has_library=lambda: self.has_library,
            memory=lambda: self.memory,
        )

    def run(self, *argv: str | Path) -> int:
        self.monkeypatch.setattr(model_verbs, "PhraseWriter", self.writer)
        program = Program(models=lambda: self.shipped, open_store=lambda: self.store)
        code = program.run(["models", *map(str, argv)])
        self.out, self.err = self.capture.readouterr()
        return code

    @property
    def names(self) -> set[str]:
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        return {path.relative_to(self.place).as_posix() for path in files}

    @property
    def asked(self) -> list[str]:
        return [one.path.removeprefix("/who/tiny/resolve/main/") for one in self.hub.asked]


WHOLE = {"transformer.safetensors", "autoencoder.safetensors", RECORDS, ".lock"}
READY = WHOLE | {f"{PROMPTS}/derain.safetensors", f"{PROMPTS}/dehaze.safetensors"}


@pytest.fixture
def shop(
    qwen: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Shop]:
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    spec = tiny_spec(qwen)
    with fake_hub() as hub:
        for file in spec.files:
            hub.put(f"who/tiny/resolve/main/{file.path}", Shelf(MODEL))
        for file in spec.encoder:
            name = file.path.removeprefix(f"{ENCODER}/")
            hub.put(f"who/tiny/resolve/main/{name}", Shelf((qwen / name).read_bytes()))
        shipped = [write_model(tmp_path / "shipped" / "lite")]
        yield Shop(hub, tmp_path / "fetched", spec, shipped, capsys, monkeypatch)


def test_a_model_comes_with_its_phrases_and_the_encoder_goes(shop: Shop) -> None:
    shop.encode = encode_in_child  # as the program does it: in a process of its own
    assert shop.run("download", "tiny") == 0
    assert "its text encoder is fetched" in shop.err
    assert "tiny  fp8 is here" in shop.out
    assert "tiny  encoded: derain, dehaze" in shop.out
    assert shop.names == READY
    for preset in PRESETS[:2]:
        prompt = load_prompt(prompt_for(shop.place, preset), "flux2")
        assert prompt.words == preset.phrase
        assert prompt.text.shape == (TOKENS, 3 * QWEN_WIDTH)
        assert prompt.text.float().std() > 0.1
    asked = len(shop.asked)
    assert shop.run("list") == 0
    assert "here (fp8), phrases ready" in shop.out
    assert shop.run("verify", "tiny") == 0
    assert shop.run("download", "tiny") == 0
    assert shop.run("encode", "tiny") == 0
    assert "all phrases are encoded" in shop.out
    assert len(shop.asked) == asked
    assert shop.run("remove", "tiny") == 0
    assert not shop.place.exists()


class Impatient:
    """A `Progress` that cancels in the middle of the encoding."""

    def report(self, done: float, stage: str = "") -> None:
        if stage.endswith("encoding") and done > 0.95:
            raise Cancelled


def test_stopping_in_mid_encoding_is_quick_and_nothing_is_fetched_twice(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("restorer_app.model_phrases.serve_phrases", say_half_and_hang)
    shop.encode = encode_in_child
    before = time.monotonic()
    with pytest.raises(Cancelled):
        shop.writer(store=shop.store).encode("tiny", (Phrase("a", "b"),), Impatient())
    assert time.monotonic() - before < HANGS / 2
    assert not stored(shop.place)
    assert {path.name for path in (shop.place / ENCODER).iterdir()} == {"text_encoder", "tokenizer"}
    asked = len(shop.asked)
    shop.encode = write_prompts
    assert shop.run("encode", "tiny") == 0
    assert "its text encoder is here" in shop.err
    assert len(shop.asked) == asked
    assert shop.run("download", "tiny", "--no-phrases") == 0
    assert shop.names == READY


def test_the_child_tells_what_went_wrong(qwen: Path, tmp_path: Path) -> None:
    place = tmp_path / "a file"
    place.write_text("no folder")
    order = EncodeOrder(
        family="flux2", encoder=qwen, place=place, phrases=(Phrase("a", "b"),), tokens=16
    )
    with pytest.raises(RestorerError, match="The phrases cannot be written") as caught:
        encode_in_child(order, Silent())
    assert caught.value.kind == "NoPlace"
    with pytest.raises(RestorerError, match=r"Something went wrong.*'sdxl'"):
        encode_in_child(replace(order, family="sdxl", place=tmp_path / "m"), Silent())


@pytest.mark.parametrize(("version", "enough"), [("5.23.0", True), ("4.57.3", False), ("?", True)])
def test_an_old_library_does_not_count(
    monkeypatch: pytest.MonkeyPatch, version: str, enough: bool
) -> None:
    monkeypatch.setattr("restorer_app.model_phrases.metadata.version", lambda name: version)
    assert has_transformers() is enough
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert not has_transformers()


def test_a_child_that_dies_is_an_error(
    qwen: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("restorer_app.model_phrases.serve_phrases", die)
    order = EncodeOrder(
        family="flux2", encoder=qwen, place=tmp_path, phrases=(Phrase("a", "b"),), tokens=16
    )
    with pytest.raises(WorkerDied, match="lack of memory"):
        encode_in_child(order, Silent())


@pytest.mark.parametrize("frozen", [False, True])
def test_a_missing_library_is_told_before_anything_is_fetched(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, frozen: bool
) -> None:
    monkeypatch.setattr("sys.frozen", frozen, raising=False)
    shop.has_library = False
    assert shop.run("download", "tiny") == 1
    assert "transformers" in shop.err
    assert ("packaged program" if frozen else '-m pip install "transformers>=5"') in shop.err
    assert shop.asked == []
    assert shop.run("encode", "tiny") == 1
    assert shop.asked == []
    assert shop.run("download", "tiny", "--no-phrases") == 0
    assert shop.names == WHOLE
    assert shop.run("list") == 0
    assert "here (fp8), 2 of 2 phrases to encode" in shop.out
    assert shop.run("download", "tiny") == 1, "the phrases are still missing"


def test_too_little_memory_or_room_is_told_before_anything_is_fetched(shop: Shop) -> None:
    shop.memory = 10**9
    assert shop.run("download", "tiny") == 1
    assert "this machine has 1.0 GB" in shop.err
    shop.memory = None
    shop.room = RESERVE + 2 * len(MODEL) + sum(file.bytes or 0 for file in shop.spec.encoder) - 1
    assert shop.run("download", "tiny") == 1
    assert "GB free" in shop.err
    assert shop.asked == []
    shop.room += 1
    assert shop.run("download", "tiny") == 0


def test_a_changed_phrase_is_encoded_again_and_the_encoder_can_stay(shop: Shop) -> None:
    assert shop.run("download", "tiny", "--keep-encoder") == 0
    kept = {file.path for file in shop.spec.encoder}
    assert shop.names == READY | kept
    assert shop.run("verify", "tiny") == 0
    asked = len(shop.asked)
    changed = replace(PRESETS[0], phrase="Remove the rain and the hail.")
    shop.presets = (changed, PRESETS[1])
    assert shop.run("list") == 0
    assert "1 of 2 phrases to encode" in shop.out
    assert shop.run("encode", "tiny") == 0
    assert [phrase.name for phrase in shop.orders[-1].phrases] == ["derain"]
    assert stored(shop.place)["derain"] == changed.phrase
    assert len(shop.asked) == asked
    assert shop.names == READY, "now it goes"
    assert shop.run("encode", "tiny", "--all", "--tokens", "20", "--keep-encoder") == 0
    assert load_prompt(prompt_for(shop.place, changed), "flux2").text.shape[0] == 20
    assert shop.run("remove", "tiny") == 0
    assert not shop.place.exists()


def test_words_of_ones_own_are_encoded_with_an_encoder_of_ones_own(shop: Shop, qwen: Path) -> None:
    words = ("--phrase", "Remove the fence.", "--name", "no-fence")
    assert shop.run("encode", "tiny", *words, "--encoder", qwen) == 0
    assert stored(shop.place) == {"no-fence": "Remove the fence."}
    assert shop.asked == []
    assert qwen.joinpath("text_encoder", "config.json").is_file(), "what is the user's stays"
    mine = replace(PRESETS[2], id="mine", task="", phrase="Remove the fence.")
    assert prompt_for(shop.place, mine).name == "no-fence.safetensors"
    with pytest.raises(MissingWeights, match="no prompt for “Dehaze”"):
        prompt_for(shop.place, PRESETS[1])
    assert shop.run("remove", "tiny") == 0
    assert not shop.place.exists()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--phrase", "Remove it."], 2, "--phrase and --name go together"),
        (["--name", "mine"], 2, "--phrase and --name go together"),
        (["--phrase", "x", "--name", "derain"], 2, "is the phrase of a preset"),
        (["--phrase", "x", "--name", "../up"], 2, "cannot name a phrase"),
        (["--phrase", " ", "--name", "mine"], 2, "has no words"),
        (["--encoder", "nowhere"], 1, "holds no folder text_encoder"),
        (["--tokens", "4"], 2, "16 to 512"),
    ],
)
def test_what_cannot_be_encoded_says_why(
    shop: Shop, words: list[str], code: int, said: str
) -> None:
    assert shop.run("encode", "tiny", *words) == code
    assert said in shop.err
    assert not shop.folder.exists()


def test_models_without_words_are_left_alone(shop: Shop) -> None:
    shop.spec = replace(shop.spec, reference=False)
    shop.has_library = False
    assert shop.run("download", "tiny") == 0
    assert shop.names == WHOLE
    assert shop.run("list") == 0
    assert "phrases" not in shop.out
    shop.spec, shop.has_library = replace(shop.spec, encoder=()), True
    assert shop.run("encode", "tiny") == 1
    assert "No text encoder is known for Tiny" in shop.err
    assert shop.run("encode", "tiny", "--encoder", shop.folder) == 1
    assert "No text encoder is known for Tiny" in shop.err
