from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.backbones import backbones, find_backbone
from engine.errors import BadPreset, MissingWeights, WrongWeights
from engine.phrases import (
    PROMPTS,
    Phrase,
    not_encoded,
    phrases_of,
    prompt_for,
    stored,
    stored_words,
)
from engine.preset import Preset, load_presets


def preset(id: str, phrase: str = "", task: str = "") -> Preset:
    return Preset(id=id, title=id.capitalize(), summary="", task=task, phrase=phrase)


def write(place: Path, name: str, words: object) -> Path:
    """A file with the header of a prompt and nothing behind it."""
    header = json.dumps({"__metadata__": {"words": words}}).encode()
    path = place / PROMPTS / f"{name}.safetensors"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(len(header).to_bytes(8, "little") + header)
    return path


def test_every_task_that_ships_has_its_phrase() -> None:
    presets = load_presets()
    phrases = {phrase.name: phrase.words for phrase in phrases_of(presets.values())}
    assert set(phrases) == {one.task for one in presets.values()} - {"auto"}
    for words in phrases.values():
        assert "exactly as they are" in words, "an editing model is told what to leave alone"
        assert len(words) < 400


def test_a_wording_is_encoded_once_and_named_after_its_task() -> None:
    presets = [
        preset("denoise", "Remove the noise.", "denoise"),
        preset("gentle", "Remove the noise.", "denoise"),
        preset("harsh", "Remove all grain.", "denoise"),
        preset("plain", "Restore it."),
        preset("silent", "", "derain"),
    ]
    assert phrases_of(presets) == (
        Phrase("denoise", "Remove the noise."),
        Phrase("harsh", "Remove all grain."),
        Phrase("plain", "Restore it."),
    )


@pytest.mark.parametrize("name", ["", "../up", "a/b", "Ä", "a.b", "x" * 65])
def test_a_name_stays_in_its_folder(name: str) -> None:
    with pytest.raises(BadPreset, match="cannot name a phrase"):
        Phrase(name, "words")


def test_a_prompt_is_known_by_its_words_before_its_task(tmp_path: Path) -> None:
    write(tmp_path, "denoise", "Remove the noise.")
    write(tmp_path, "harsh", "Remove all grain.")
    harsh = preset("harsh", "Remove all grain.", "denoise")
    assert prompt_for(tmp_path, harsh).stem == "harsh"
    assert prompt_for(tmp_path, preset("changed", "Other words.", "denoise")).stem == "denoise"
    assert prompt_for(tmp_path, preset("mine", "", "denoise")).stem == "denoise"
    with pytest.raises(MissingWeights, match="no prompt for “Derain”"):
        prompt_for(tmp_path, preset("derain", "Remove the rain.", "derain"))
    with pytest.raises(MissingWeights):
        prompt_for(tmp_path, preset("plain"))


def test_what_is_new_or_was_changed_waits(tmp_path: Path) -> None:
    write(tmp_path, "denoise", "Remove the noise.")
    same, changed = Phrase("denoise", "Remove the noise."), Phrase("denoise", "Remove it.")
    assert not_encoded(tmp_path, [same, changed]) == (changed,)
    assert not_encoded(tmp_path / "nowhere", [same]) == (same,)


def test_what_is_no_prompt_says_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, "denoise", "Remove the noise.")
    assert stored_words(path) == "Remove the noise."
    for data in (b"", b"\xff" * 40, path.read_bytes()[:-3], b"\x02" + b"\0" * 7 + b"[]"):
        path.write_bytes(data)
        assert stored_words(path) is None
    write(tmp_path, "denoise", 7)
    assert stored(tmp_path) == {}
    assert stored_words(tmp_path / "nowhere") is None


def test_encoders_of_the_catalogue_can_be_fetched_and_stay_apart() -> None:
    klein = find_backbone("flux2-klein-4b")
    assert klein.reference
    assert sum(file.about or 0 for file in klein.encoder) == pytest.approx(8.06e9, rel=0.01)
    for spec in backbones():
        assert not set(spec.encoder) & set(spec.files)
        for file in spec.encoder:
            assert file.path.startswith("encoder/t")
            assert file.mirrors[0].url("hub").endswith(file.path.removeprefix("encoder/"))
            assert file.role == ("tokenizer" if "/tokenizer" in file.path else "text-encoder")


@pytest.mark.parametrize(
    ("line", "said"),
    [("files = [{ bytes = 3 }]", "file"), ('files = [{ file = "../x" }]', "does not stay")],
)
def test_a_damaged_encoder_entry_is_refused(tmp_path: Path, line: str, said: str) -> None:
    table = (Path(__file__).parents[2] / "resources" / "backbones.toml").read_text("utf-8")
    head, _, tail = table.partition("[backbones.encoder]\n")
    rest = tail[tail.index("\n[[backbones]]") :]
    path = tmp_path / "catalogue.toml"
    path.write_text(f'{head}[backbones.encoder]\nrepo = "a/b"\n{line}\n{rest}', "utf-8")
    with pytest.raises(WrongWeights, match=said):
        backbones(path)
