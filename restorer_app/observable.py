"""State that says when it changes: signals, and attributes that emit one.

No thread is started and none is crossed: `emit` calls the receivers, one after another, in the
thread it was called in.
"""

from __future__ import annotations

import weakref
from types import MethodType
from typing import TYPE_CHECKING, Generic, ParamSpec, TypeVar, cast, overload

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")


class Signal(Generic[P]):
    """Something others want to hear of.

    A bound method is held weakly: it falls silent with its object. Functions and lambdas are held
    until they are disconnected.
    """

    __slots__ = ("_receivers",)

    def __init__(self) -> None:
        self._receivers: list[Callable[[], Callable[P, object] | None]] = []

    def connect(self, receiver: Callable[P, object]) -> None:
        """Call `receiver` at every `emit`, after those connected before; twice counts once."""
        self.disconnect(receiver)
        if isinstance(receiver, MethodType):
            self._receivers.append(weakref.WeakMethod(receiver))
        else:
            self._receivers.append(lambda: receiver)

    def disconnect(self, receiver: Callable[P, object]) -> None:
        """Call `receiver` no more; one that is not connected is no error."""
        self._receivers = [held for held in self._receivers if held() not in (None, receiver)]

    def emit(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Call the receivers that are connected now; what one of them raises is raised here."""
        for held in tuple(self._receivers):
            receiver = held()
            # One that an earlier receiver has just disconnected must not hear this any more.
            if receiver is not None and held in self._receivers:
                receiver(*args, **kwargs)


class Property(Generic[T]):
    """An attribute that emits the signal `NAME_changed` of its object when it becomes another.

    The object has to own that signal before the first change.
    """

    def __init__(self, default: T) -> None:
        self._default = default
        self._name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Property[T]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> Property[T] | T:
        if instance is None:
            return self
        return cast("T", instance.__dict__.get(self._name, self._default))

    def __set__(self, instance: object, value: T) -> None:
        before = instance.__dict__.get(self._name, self._default)
        if before != value:
            instance.__dict__[self._name] = value
            getattr(instance, f"{self._name}_changed").emit(value)
