"""The command line says why an offer is not sure in the console's own words, for every reason that there is."""

import json
from pathlib import Path

from quartet.cli.intakeoffers import WHY
from quartet.intake.sayings import Doubt

MESSAGES = Path(__file__).parents[2] / "frontend" / "src" / "pages" / "intake" / "messages.json"


def test_each_reason_has_the_words_of_the_console() -> None:
    said = json.loads(MESSAGES.read_text(encoding="utf-8"))

    assert {f"doubt_{doubt}": words for doubt, words in WHY.items()} == {
        name: words["en"] for name, words in said.items() if name.startswith("doubt_")
    }
    assert set(Doubt) <= set(WHY)
