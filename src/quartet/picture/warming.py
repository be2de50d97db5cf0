"""The picture's loops as machine code, before somebody waits for them."""

from quartet.picture import fusion, proximity


def warm() -> None:
    """Compile what is not kept yet, or read it: many seconds the first time on a machine, else less than one."""
    fusion.warm()
    proximity.warm()
