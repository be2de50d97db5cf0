"""Write docs/reference/reasons.md from where the words are raised: `make docs` runs this."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from house import ROOT, SOURCE, modules
from quartet.core.reasons import Reason, explain

PAGE: Final = ROOT / "docs" / "reference" / "reasons.md"

HEAD: Final = """# Reason words

Whatever goes wrong or is refused has a word that does not change, for logs, replies and scripts. The page is written
from the code: `make docs`.
"""

FAULTS: Final = {
    "Malformed": ("the sender mends it", "What was given is not of the agreed shape, or cannot be meant. Exit 2."),
    "Untrusted": ("an officer looks at it", "A proof, a signature or a right failed. Exit 4."),
    "Unavailable": ("try again", "Something that is needed is not there now. Exit 3."),
}

_WORD: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MAX_SAYS: Final = 110


class Said(NamedTuple):
    """A fault as the code raises it: its kind, its word, the room, and what its message says."""

    fault: str
    word: str
    room: str
    says: str


def faults() -> Iterator[Said]:
    """Yield every fault that the code names with a word of its own."""
    for path in modules():
        room = str(path.relative_to(SOURCE)).split("/")[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or not node.args:
                continue
            word = node.args[0]
            if node.func.id in FAULTS and isinstance(word, ast.Constant) and _WORD.fullmatch(str(word.value)):
                yield Said(node.func.id, str(word.value), room, _says(node.args[1]) if len(node.args) > 1 else "")


def written() -> str:
    """Return the page of the reason words."""
    parts = [HEAD, "## Why an item is withheld\n"]
    parts.append("The gate's words: shown to the author and the controllers, never to the one refused.\n")
    parts.append("| word | meaning |\n|---|---|")
    parts[-1] += "".join(f"\n| `{reason}` | {explain(reason)} |" for reason in Reason) + "\n"
    for fault, (who, meaning) in FAULTS.items():
        known: dict[str, list[Said]] = defaultdict(list)
        for one in faults():
            if one.fault == fault:
                known[one.word].append(one)
        parts.append(f"## {fault}: {who}\n\n{meaning}\n\n| word | where | the message, for example |\n|---|---|---|")
        parts[-1] += "".join(f"\n{_reason_row(word, known[word])}" for word in sorted(known)) + "\n"
    return "\n".join(parts)


def _reason_row(word: str, said: list[Said]) -> str:
    rooms = ", ".join(sorted({one.room for one in said}))
    says = max((one.says for one in said), key=len).replace("|", "\\|")
    short = says if len(says) <= _MAX_SAYS else says[: _MAX_SAYS - 1].rstrip() + "…"
    return f"| `{word}` | {rooms} | {short} |"


def _says(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text.strip()
        case ast.JoinedStr(values=values):
            return "".join(str(v.value) if isinstance(v, ast.Constant) else "…" for v in values).strip()
        case ast.BinOp(left=left, right=right):
            return f"{_says(left)} {_says(right)}"
    return "…"


def main(page: Path = PAGE) -> None:
    """Write the page."""
    page.write_text(written())


if __name__ == "__main__":
    main()
