"""The book of places of a member, made from real packages and her own file; no node need run."""

import json
from pathlib import Path

import pytest
from commandline import Shell

from quartet.node.folder import MemberFolder
from quartet.node.gazetteer.keeping import load_places

VILLAGES = "name,name_ar,country,lat,lon,remark\nBayt Chamrukh,بيت شمروخ,LB,33.9,35.9,x\n"


@pytest.fixture
def villages(tmp_path: Path) -> Path:
    path = tmp_path / "villages.csv"
    path.write_text(VILLAGES)
    return path


def test_a_book_is_built_asked_and_keeps_the_members_own_places(
    shell: Shell, folder: MemberFolder, villages: Path
) -> None:
    imported = shell("places", "import", villages, "--licence", "of the survey office", "--dir", folder.root)
    built = shell("places", "build", "--region", "LB,SY", "--people", "15000", "--dir", folder.root, "--json")
    found = shell("places", "find", "طرابلس", "--dir", folder.root, "--json")
    own = shell("places", "find", "bayt chamrukh", "--dir", folder.root)
    sources = shell("places", "sources", "--dir", folder.root)

    assert imported.code == built.code == found.code == own.code == sources.code == 0
    assert "nothing is read from: remark" in imported.out
    assert [one["name"] for one in json.loads(built.out)] == ["own:villages.csv", "countries", "cities", "subdivisions"]
    assert {one["country"] for one in json.loads(found.out)["places"]} == {"LB", "LY"}
    assert "33.9000, 35.9000" in own.out
    assert "of the survey office" in sources.out
    assert "CC-BY-4.0" in sources.out
    assert folder.places.stat().st_mode & 0o077 == 0


def test_a_name_that_is_not_known_brings_those_that_sound_alike(
    shell: Shell, folder: MemberFolder, villages: Path
) -> None:
    shell("places", "import", villages, "--dir", folder.root)

    near = shell("places", "find", "Бейт-Шамрух", "--dir", folder.root, "--json")

    assert json.loads(near.out) == {"places": [], "near": ["Bayt Chamrukh", "بيت شمروخ"]}
    assert "alike: Bayt Chamrukh" in shell("places", "find", "Beit Shamroukh", "--dir", folder.root).out
    assert "nor alike" in shell("places", "find", "Wilfred", "--dir", folder.root).out


def test_a_file_comes_in_place_of_itself_and_a_bad_one_changes_nothing(
    shell: Shell, folder: MemberFolder, villages: Path
) -> None:
    shell("places", "import", villages, "--dir", folder.root)
    villages.write_text("name,lat,lon\nTal,1,1\nKuh,2,2\n")
    shell("places", "import", villages, "--dir", folder.root)
    before = folder.places.read_bytes()
    villages.write_text("name,lat,lon\nTal,1,1\nKuh,200,2\n")

    bad = shell("places", "import", villages, "--dir", folder.root)

    assert (bad.code, bad.reason) == (2, "bad-place-rows")
    assert "line 3: lat '200'" in bad.error
    assert folder.places.read_bytes() == before
    assert [place.names[0].text for place in load_places(folder).places] == ["Tal", "Kuh"]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("build", "--region", "LB,Q9"), "unknown-region"),
        (("build", "--region", "LB", "--people", "7"), "bad-size"),
        (("find", "Beirut"), "no-places"),
        (("import", "nowhere.csv"), "no-file"),
    ],
)
def test_what_cannot_be_done_is_told_by_its_word(
    shell: Shell, folder: MemberFolder, arguments: tuple[str, ...], reason: str
) -> None:
    assert shell("places", *arguments, "--dir", folder.root).reason == reason


def test_a_book_that_is_damaged_is_told(shell: Shell, folder: MemberFolder) -> None:
    folder.places.write_bytes(b'{"places":1}')

    assert shell("places", "find", "Beirut", "--dir", folder.root).reason == "bad-places"
