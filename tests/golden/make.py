"""Make the golden files: one for each way in which something that comes in can be wrong, from fixed seeds.

    PYTHONPATH=src python tests/golden/make.py

writes them beside this script, with `index.json`: for each file its kind (the door it is shown at), the fault and the
reason word that the door must raise; null for the right one. A file is only ever added: old ones stay as they were.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from wrong import Case
from wrong_carriage import carriage
from wrong_charter import charters
from wrong_items import items
from wrong_logs import logs
from wrong_passkeys import passkeys
from wrong_records import records

HERE = Path(__file__).parent


def cases() -> Iterator[Case]:
    """Yield every golden file."""
    yield from items()
    yield from passkeys()
    yield from charters()
    yield from carriage()
    yield from logs()
    yield from records()


def write(folder: Path) -> None:
    """Write every golden file and the index."""
    index = []
    for case in cases():
        path = folder / case.kind / f"{case.name}.bin"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(case.data)
        file = f"{case.kind}/{case.name}.bin"
        index.append({"file": file, "kind": case.kind, "fault": case.fault, "reason": case.reason})
    (folder / "index.json").write_text(json.dumps(index, indent=1) + "\n")


if __name__ == "__main__":
    write(HERE)
