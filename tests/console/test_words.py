"""What the node says in a word of a closed list, the page says in words: no officer reads a code."""

import json
import re
from pathlib import Path
from typing import Final, get_args

import pytest

from quartet.desk.action import Stance
from quartet.desk.chair import Act
from quartet.desk.communique import Agreement
from quartet.desk.consent import Condition, Denial, Stage
from quartet.desk.outcome import Against, State
from quartet.desk.running import Move, Phase, TaskState
from quartet.sensors.mending import ADVICE

PAGE: Final = Path(__file__).parents[2] / "frontend" / "src"
WORDS: Final[dict[str, dict[str, str]]] = json.loads((PAGE / "words" / "acting" / "messages.json").read_text())
CONSENTING: Final[dict[str, dict[str, str]]] = json.loads((PAGE / "words" / "consenting" / "messages.json").read_text())
LISTS: Final[dict[str, tuple[str, ...]]] = {
    "states": tuple(State),
    "phases": tuple(Phase),
    "states of tasks": tuple(TaskState),
    "agreements": tuple(Agreement),
    "reasons": tuple(Against),
    "stances": (*get_args(Stance), "SILENT", "VOID"),
    "moves": get_args(Move),
    "acts of the chair": get_args(Act),
}


@pytest.mark.parametrize("name", sorted(LISTS))
def test_every_word_of_joint_actions_is_said_in_words(name: str) -> None:
    assert set(LISTS[name]) <= set(WORDS)


@pytest.mark.parametrize("word", [*Stage, *get_args(Condition), *get_args(Denial)])
def test_every_word_of_consent_is_said_in_five_languages(word: str) -> None:
    assert sorted(CONSENTING[word]) == ["ar", "en", "fa", "fr", "ru"]


def test_every_reason_against_an_action_names_the_member_in_each_language() -> None:
    said = [text for reason in Against for text in WORDS[reason].values()]

    assert len(said) == len(Against) * 5
    assert all("{member}" in text for text in said)


@pytest.mark.parametrize("reason", sorted(ADVICE))
def test_whatever_quarantines_a_sensor_other_than_its_form_has_its_own_advice_on_the_page(reason: str) -> None:
    page = (PAGE / "pages" / "sensors" / "advice.ts").read_text().partition("AGAINST")[2]
    found = re.search(rf"^ *'?{reason}'?: m\.(quarantined_\w+),$", page, re.MULTILINE)
    words = json.loads((PAGE / "pages" / "sensors" / "reasons" / "messages.json").read_text())

    assert found
    assert sorted(words[found[1]]) == ["ar", "en", "fa", "fr", "ru"]
