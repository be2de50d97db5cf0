"""What may be the same, what is related and what names mean, at the command line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from commandline import Said, Shell
from trial import Trial, trial

NOVEMBER_9 = 1_794_182_400_000_000


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    with trial(tmp_path_factory.mktemp("x") / "t") as made:
        yield made


def told(what: str, polarity: str = "ASSERTS") -> dict[str, Any]:
    judged = {"how": "PUBLISHED", "polarity": polarity, "reliability": "B", "credibility": 3}
    return {"what": what, "since": NOVEMBER_9, "until": NOVEMBER_9 + 60_000_000, **judged}


def test_two_reports_of_one_event_are_suggested_said_to_be_the_same_and_named_as_related(
    shell: Shell, exchange: Trial, tmp_path: Path
) -> None:
    def north(*arguments: str | Path, stdin: bytes = b"") -> Said:
        return shell(*arguments, "--dir", exchange["north"].root, stdin=stdin)

    refs = []
    for text in (
        "A grain silo exploded on the Ravigny quay in Port Mersol.",
        "Un silo à grain a explosé sur le quai Ravigny de Port-Mersol.",
    ):
        file = tmp_path / "report.json"
        file.write_text(json.dumps({"events": [told(text)]}))
        sent = north("send", "--tlp", "AMBER", "--to", "east", "--form", file, "--json", "-", stdin=text.encode())
        refs.append(json.loads(sent.out)["ref"])

    suggested = north("alike", refs[0])
    related = north("related", refs[0])

    assert f"may be {refs[1]} 0 of north" in suggested.out
    assert "for: type, day, place" in suggested.out
    assert "at most 0 root source(s), independence not established; 2 without a root" in suggested.out
    assert "place Ravigny quay ~ quai Ravigny" in related.out

    events = json.dumps([{"report": ref, "number": 0} for ref in refs])
    assert north("say", refs[0], "same-as", f"events={events}").code == 0
    assert "nothing that you may see is alike" in north("alike", refs[0]).out
    assert f"the same: {refs[1]} of north" in north("sources", refs[0]).out


def test_an_alias_is_added_listed_proposed_shown_in_suggestions_and_removed(
    shell: Shell, exchange: Trial, tmp_path: Path
) -> None:
    def north(*arguments: str | Path, stdin: bytes = b"") -> Said:
        return shell(*arguments, "--dir", exchange["north"].root, stdin=stdin)

    page = tmp_path / "page.txt"
    page.write_text("The Lumenne Agency reported that a fire had broken out in the village of Birch.")

    assert (
        "the Lumenne Agency means Agence Lumenne" in north("alias", "add", "the Lumenne Agency", "Agence Lumenne").out
    )
    assert "Agence Lumenne" in north("alias", "list").out
    assert json.loads(north("alias", "find", "Lumenne Agency", "--json").out)[0]["why"] == ["alias"]
    assert "= Agence Lumenne (alias)" in north("intake", page).out

    chained = north("alias", "add", "Agence Lumenne", "West Lamp")
    assert (chained.code, "alias-chain" in chained.error) == (2, True)
    assert north("alias", "remove", "LUMENNE agency").code == 0
    assert json.loads(north("alias", "list", "--json").out) == []
    assert "no-such-alias" in north("alias", "remove", "Lumenne Agency").error
