"""The sentences about what was found in a photo."""

import ast
import inspect
import pickle

from engine import reasons
from engine.reasons import NOTHING_FOUND, Reason, about_common_blur, about_size


def templates() -> set[str]:
    """All that `engine.reasons` makes sentences of, as its source has them."""
    tree = ast.parse(inspect.getsource(reasons))
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    bare = {
        node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return {text for text in texts - bare if isinstance(text, str) and text.endswith(".")}


def test_a_reason_is_its_sentence() -> None:
    size = about_size(40, 30)
    assert size == "Very small: 40 × 30 pixels."
    assert (size.template, size.numbers) == ("Very small: {} × {} pixels.", (40, 30))
    assert " ".join((NOTHING_FOUND, size)).endswith("restoring. Very small: 40 × 30 pixels.")


def test_a_reason_comes_out_of_a_child_process_as_one() -> None:
    again = pickle.loads(pickle.dumps(about_size(40, 30)))
    assert isinstance(again, Reason)
    assert (again, again.numbers) == (about_size(40, 30), (40, 30))


def test_a_blur_is_told_by_its_whole_width() -> None:
    assert "about 12 pixels wide" in about_common_blur(4.0)


def test_there_are_templates() -> None:
    assert NOTHING_FOUND.template in templates()
    assert len(templates()) > 15
