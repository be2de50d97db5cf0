"""A model's help at the command line, from the settings to the register: a real node, a real server."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from commandline import Said, Shell
from models import claim, completion, placed, serving, translated
from trial import trial

FIRE = "A fire broke out in the harbour on Monday, the port office said."
Run = Callable[..., Said]


def answer(body: bytes) -> bytes:
    """Place, translate, or say what a text tells: one claim that stands there, and one that does not."""
    if b'"input"' in body:
        return placed(body)
    if b"messages" not in body:
        return translated(body)
    return completion(json.dumps({"claims": [claim(FIRE, speaker="the port office"), claim(FIRE, speaker="somebody")]}))


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    with serving(answer) as one:
        settings = f"""
[assist.translator]
url = "{one.url("/translate")}"
language = "fr"

[assist.extractor]
url = "{one.url("/v1/chat/completions")}"
model = "small-1"

[assist.embedder]
url = "{one.url("/v1/embeddings")}"
model = "small-2"
"""
        with trial(tmp_path / "t", settings=settings) as made:
            shell = Shell(capsys, monkeypatch)
            yield lambda *words, stdin=b"": shell(*words, "--dir", made["north"].root, stdin=stdin)


def test_what_the_settings_turn_on_translates_reads_places_and_says_so(run: Run, tmp_path: Path) -> None:
    clear = run("send", "--tlp", "CLEAR", "-", stdin=b"the bridge").out.strip()
    amber = run("send", "--tlp", "AMBER", "--to", "east", "-", stdin=b"the bridge").out.strip()
    article = tmp_path / "article.txt"
    article.write_text(FIRE)

    shown = run("translate", clear, "--to", "fr")
    assert shown.code == 0, shown.error
    assert "le pont" in shown.out
    assert shown.out.index("the bridge") < shown.out.index("translated by a model, not by a person (LibreTranslate")
    assert json.loads(run("translate", clear, "--json").out)["made"]["by"] == "by a model, not by a person"
    withheld = run("translate", amber, "--to", "fr")
    assert (withheld.code, withheld.reason) == (4, "no-principal")
    assert run("translate", clear, "--to", "?").reason == "bad-language"

    read = run("intake", article, "--model", "--tlp", "CLEAR")
    assert "read by a model, not by a person: small-1; 1 claims were dropped" in read.out
    assert "the port office" in read.out
    assert "somebody" not in read.out
    assert run("intake", article, "--model", "--tlp", "AMBER").reason == "above-door"
    assert run("intake", article, "--model").reason == "no-tlp"

    assert "TRANSLATOR on: LibreTranslate at http://127.0.0.1:" in run("status").out
    sent = json.loads(run("register", "--models", "--json").out)["items"]
    assert [(one["port"], one["ref"], one["tlp"], one["outcome"]) for one in sent] == [
        ("extractor", None, "CLEAR", "answered"),
        ("translator", clear, "CLEAR", "answered"),
        ("translator", clear, "CLEAR", "answered"),
    ]
    assert "a text" in run("register", "--models").out
    assert json.loads(run("status", "--json").out)["assist"][0]["port"] == "extractor"

    same = run("send", "--tlp", "CLEAR", "--title", "The span", "-", stdin=b"a crossing").out.strip()
    near = run("related", clear, "--model")
    assert near.code == 0, near.error
    assert "--- near in meaning, by an embedder at http://127.0.0.1:" in near.out
    assert near.out.index("small-2, by a model, not by a person") < near.out.index(
        f"{same} TLP:CLEAR of north: The span"
    )
    assert "near in meaning" not in run("related", clear).out
    withheld = run("related", amber, "--model")
    assert (withheld.code, withheld.out.splitlines()[-1].split(":")[1]) == (0, " no-principal")
    both = json.loads(run("related", amber, "--model", "--json").out)
    assert (both["near"], both["unanswered"]["reason"]) == (None, "no-principal")
    assert both["related"]["items"] == []
