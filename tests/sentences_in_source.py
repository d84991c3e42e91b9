"""What the program can say of errors, warnings and notes, read from its source.

A sentence is given as its shape: `{}` wherever a value stands, without its full stop.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from string import Formatter

from tests.modules_in_source import Function, Module, modules, reached

STEPS = ("flux.flux_cli", "fluxgen.cli", "texture.cli", "fit", "export", "json_lines")
"""The modules of the trainer that do the steps of a training which the window begins."""
_ELSEWHERE = {
    "engine.machine_notes",  # what `restorer doctor` says
    "engine.reasons",  # which has a table of its own
    "restorer_app.doctor",
    "restorer_app.journal",  # of `restorer batch`
    "restorer_app.local_engine",  # of the command line's own process
    "restorer_app.refusals",  # of what was typed
    "restorer_app.report",  # to what was typed
    "trainer.specialists.enlarge_pairs",  # of a training that only the command line knows
    "trainer.fluxgen.prompts",  # the window asks for no --prompts,
    "trainer.fluxgen.score_files",  # and for no --scores
}
"""Modules that are reached, and whose sentences the window does not show."""
_CARRIERS = {"RestorerError", "BadTemplate", "Unreadable", "JobError", "Failed", "Planned"} | {
    "Found",
    "NoPlacement",
    "_Try",
}
"""Classes whose instances carry a sentence; those derived from them do too."""
_NAMES = re.compile(r"_?(\w+_)?(notes?|warnings?|remedy|message|said|reason|faults?|sentence)")
"""What a sentence is called that is not given to an error at once."""
_DEEPEST = 4
"""Names that stand for names that stand for … are followed so far."""


def shape(template: str) -> str:
    """A template without the names of its values and without its full stop."""
    parts = []
    for text, name, _, _ in Formatter().parse(template):
        parts += [text.replace("{", "{{").replace("}", "}}"), "" if name is None else "{}"]
    return "".join(parts).removesuffix(".")


@cache
def sentences() -> dict[str, str]:
    """The shapes of all sentences that the window may have to show, and where each is said."""
    found: dict[str, str] = {}
    for module in shown_modules():
        for node, text in _Reader(module).read():
            if _is_sentence(text):
                found.setdefault(shape(text), f"{module.name}:{node.lineno}")
    return found


def shown_modules() -> list[Module]:
    """The modules that the window, its engine or its trainings run."""
    start = [name for name in modules() if name.startswith("restorer_app.gui")]
    start += [f"trainer.{name}" for name in STEPS]
    start += ["engine.diffusion.restore", "engine.worker"]
    return [modules()[name] for name in sorted(reached(start) - _ELSEWHERE)]


@cache
def _carriers() -> frozenset[str]:
    """The names of all classes whose instances carry a sentence."""
    known = set(_CARRIERS)
    classes = [
        node
        for module in modules().values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
    ]
    for _ in range(_DEEPEST):
        known |= {c.name for c in classes if known & {ast.unparse(base) for base in c.bases}}
    return frozenset(known)


class _Reader:
    """Finds the sentences of one module."""

    def __init__(self, module: Module) -> None:
        self._module = module

    def read(self) -> Iterator[tuple[ast.expr, str]]:
        for node, function in self._module.walk():
            for value in self._spoken(node):
                for text in self._texts(value, function, 0):
                    yield value, text
            if isinstance(node, ast.Return | ast.Tuple) and self._module.name[:7] == "engine.":
                parts = node.elts if isinstance(node, ast.Tuple) else [node.value]
                for part in (part for part in parts if part is not None):
                    for text in self._texts(part, function, _DEEPEST - 2):
                        if text.endswith("."):  # one that its caller gives a name
                            yield part, text

    def _spoken(self, node: ast.AST) -> list[ast.expr]:
        """The expressions that are meant as sentences."""
        if isinstance(node, ast.Call):
            words = node.keywords
            named = [word.value for word in words if word.arg and _NAMES.fullmatch(word.arg)]
            return [*node.args, *named] if self._carries(node.func) else named
        if isinstance(node, ast.Assign) and any(map(_is_named, node.targets)):
            return [node.value]
        if isinstance(node, ast.AugAssign) and _is_named(node.target):
            return [node.value]
        return []

    def _carries(self, called: ast.expr) -> bool:
        """Whether what is called makes an error of a sentence, or adds it to a list of them."""
        if isinstance(called, ast.Attribute):
            adds = called.attr == "append" and _is_named(called.value)
            return adds or called.attr == "_note" or called.attr in _carriers()
        name = ast.unparse(called)
        helper = self._module.functions.get(name)
        makes = "" if helper is None or helper.returns is None else ast.unparse(helper.returns)
        return name in _carriers() or makes in _carriers()

    def _texts(self, node: ast.expr, function: Function | None, depth: int) -> Iterator[str]:
        """The texts that an expression can be."""
        if isinstance(node, ast.Constant | ast.JoinedStr):
            yield self._template(node, function)
        for inner in self._inner(node, function) if depth < _DEEPEST else []:
            yield from self._texts(inner, function, depth + 1)

    def _inner(self, node: ast.expr, function: Function | None) -> list[ast.expr]:
        """The expressions that one can come to, or that stand for a value in it."""
        match node:
            case ast.IfExp():
                return [node.body, node.orelse]
            case ast.Tuple() | ast.List():
                return node.elts
            case ast.BoolOp() | ast.Dict():
                return node.values
            case ast.Subscript():
                return [node.value]
            case ast.Name():
                return self._module.values(node.id, function)
            case ast.Call(func=ast.Attribute(attr="get")):
                return [node.func.value, *node.args[1:]]
            case ast.Call():
                return self._module.answers(ast.unparse(node.func))
            case ast.JoinedStr():
                values = [
                    part.value for part in node.values if isinstance(part, ast.FormattedValue)
                ]
                names = [value for value in values if isinstance(value, ast.Name)]
                return [name for name in names if self.one(name, function) is None]
        return []

    def _template(self, node: ast.expr, function: Function | None) -> str:
        """A text with `{}` for its values, but for those that are texts themselves."""
        if isinstance(node, ast.Constant):
            text = node.value if isinstance(node.value, str) else ""
            return text.replace("{", "{{").replace("}", "}}")
        assert isinstance(node, ast.JoinedStr)
        parts = []
        for part in node.values:
            value = part.value if isinstance(part, ast.FormattedValue) else part
            found = self.one(value, function)
            if found is not None:
                parts.append(self._template(found, function))
            else:
                parts.append(self._template(part, function) if value is part else "{}")
        return "".join(parts)

    def one(self, node: ast.AST, function: Function | None) -> ast.expr | None:
        """The only text that a name stands for in a function."""
        if not isinstance(node, ast.Name):
            return None
        found = self._module.values(node.id, function)
        if len(found) != 1 or not isinstance(found[0], ast.Constant | ast.JoinedStr):
            return None
        is_text = isinstance(found[0], ast.JoinedStr) or isinstance(found[0].value, str)
        return found[0] if is_text else None


def _is_named(target: ast.expr) -> bool:
    """Whether something is called as sentences are."""
    return any(_NAMES.fullmatch(name.lower()) for name in re.findall(r"\w+", ast.unparse(target)))


def _is_sentence(text: str) -> bool:
    """Several words, of which one at least is no value."""
    words = text.replace("{}", "").split()
    return len(text.split()) > 1 and any(word.isalpha() for word in words)
