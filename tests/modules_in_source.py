"""The source of the program as trees: what each module defines, and which it imports."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("engine", "restorer_app", "trainer")

Function = ast.FunctionDef


@dataclass(slots=True)
class Module:
    """A file of source, and what is defined in it."""

    name: str
    tree: ast.Module
    functions: dict[str, Function] = field(default_factory=dict)
    constants: dict[str, ast.expr] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef):
                self.functions[node.name] = node
        self.constants = dict(_assigned(self.tree.body))

    def walk(self) -> Iterator[tuple[ast.AST, Function | None]]:
        """All nodes, with the function that each is in."""
        yield from _with_function(self.tree, None)

    def values(self, name: str, function: Function | None) -> list[ast.expr]:
        """What a name stands for in a function, else in its module or where it is defined."""
        if function is not None:
            here = [value for each, value in _assigned(ast.walk(function)) if each == name]
            if here:
                return here
        if name in self.constants:
            return [self.constants[name]]
        if name.isupper():
            return [m.constants[name] for m in modules().values() if name in m.constants][:1]
        return []

    def answers(self, name: str) -> list[ast.expr]:
        """What a function that gives a text gives."""
        found = self.functions.get(name)
        if found is None or found.returns is None or ast.unparse(found.returns) != "str":
            return []
        return [n.value for n in ast.walk(found) if isinstance(n, ast.Return) and n.value]


@cache
def modules() -> dict[str, Module]:
    """All modules, by name."""
    found = {}
    for path in (path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        found[name] = Module(name, ast.parse(path.read_text(encoding="utf-8")))
    return found


def reached(start: list[str]) -> set[str]:
    """The modules that these import, those among them, and so on."""
    seen: set[str] = set()
    todo = list(start)
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo.extend(_imported(modules()[name].tree))
    return seen


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            yield from (name for name in names if name in modules())
        yield from _imported(node)


def _assigned(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, ast.expr]]:
    """Names and what they are set to, several at once too."""
    for node in nodes:
        if not isinstance(node, ast.Assign):
            continue
        target, value = node.targets[0], node.value
        if isinstance(target, ast.Name):
            yield target.id, value
        elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            for one, other in zip(target.elts, value.elts, strict=False):
                if isinstance(one, ast.Name):
                    yield one.id, other


def _with_function(
    node: ast.AST, function: Function | None
) -> Iterator[tuple[ast.AST, Function | None]]:
    for child in ast.iter_child_nodes(node):
        yield child, function
        yield from _with_function(child, child if isinstance(child, ast.FunctionDef) else function)
