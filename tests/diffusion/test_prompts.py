from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from engine.diffusion.flux.prompts import blank_prompt, load_prompt, save_prompt
from engine.errors import MissingWeights, NoPlace, WrongWeights
from tests.diffusion.tiny_flux import prompt1, prompt2


def test_a_prompt_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "prompt.safetensors"
    for prompt in (prompt1(), prompt2()):
        save_prompt(prompt, path)
        read = load_prompt(path, prompt.family)
        assert (read.words, read.family) == ("restore", prompt.family)
        assert torch.equal(read.text, prompt.text)
        if prompt.pooled is None:
            assert read.pooled is None
        else:
            assert read.pooled is not None
            assert torch.equal(read.pooled, prompt.pooled)


def test_a_prompt_is_for_one_family(tmp_path: Path) -> None:
    path = tmp_path / "prompt.safetensors"
    save_prompt(prompt2(), path)
    with pytest.raises(WrongWeights, match="embedded for flux2, not for flux1"):
        load_prompt(path, "flux1")


def test_what_is_no_prompt_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "prompt.safetensors"
    with pytest.raises(MissingWeights):
        load_prompt(path, "flux1")
    path.write_bytes(b"\x00" * 40)
    with pytest.raises(WrongWeights, match="damaged"):
        load_prompt(path, "flux1")
    save_file({"text": torch.zeros(3)}, path, metadata={"kind": "restorer-prompt"})
    with pytest.raises(WrongWeights, match="does not hold a prompt"):
        load_prompt(path, "flux1")


def test_a_blank_prompt_says_nothing() -> None:
    prompt = blank_prompt("flux1", 32, 4096, 768)
    assert prompt.text.shape == (32, 4096)
    assert not prompt.text.any()
    assert prompt.pooled is not None
    assert blank_prompt("flux2", 32, 7680, None).pooled is None


def test_a_prompt_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "prompt.safetensors"
    (tmp_path / "prompt.safetensors.new").mkdir()  # stands in the way, as a full disk would
    with pytest.raises(NoPlace, match="cannot be written"):
        save_prompt(prompt2(), path)
    assert not path.exists()
