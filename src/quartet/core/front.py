"""The front of a room that is large: a module behind it is loaded when one of the names that it offers is asked for.

So a command that needs one module of a room does not load the others. The type checker reads the imports that stand
beside it under `TYPE_CHECKING`; a test holds the two lists together.
"""

import sys
from collections.abc import Callable, Mapping
from importlib import import_module


def behind(room: str, offers: Mapping[str, tuple[str, ...]]) -> Callable[[str], object]:
    """Return the `__getattr__` of a room, by what each of its modules offers there."""
    places = {name: module for module, names in offers.items() for name in names}

    def offered(name: str) -> object:
        if name not in places:
            raise AttributeError(f"module {room!r} has no attribute {name!r}")
        found = getattr(import_module(f"{room}.{places[name]}"), name)
        setattr(sys.modules[room], name, found)
        return found

    return offered
