"""Settings: what is read, how a misspelling is named, and that the manual has every key."""

import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quartet.core.faults import Malformed, Unavailable
from quartet.node.folder import Folder, MemberFolder, check_socket_path
from quartet.node.settings import (
    HubSettings,
    MemberSettings,
    known_settings,
    load_hub,
    load_member,
    load_settings,
    parse_settings,
)

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "settings.md"
SMALL = {"member": "north", "wire": {"port": 4301}}


def folder(tmp_path: Path, text: str) -> Folder:
    (tmp_path / "settings.toml").write_text(text)
    return Folder(tmp_path)


def sections() -> tuple[str, str]:
    head, hub = PAGE.read_text().split("## A hub's settings")
    return head, hub


def test_the_smallest_settings_of_a_member_are_enough(tmp_path: Path) -> None:
    read = load_member(folder(tmp_path, 'member = "north"\n[wire]\nport = 4301\n'))

    assert read == MemberSettings(member=read.member, wire=read.wire)
    assert (read.member, read.wire.port, read.exercise.clock_offset) == ("north", 4301, 0)


def test_a_folder_tells_a_member_from_a_hub(tmp_path: Path) -> None:
    hub = folder(tmp_path, 'hub = "hub-1"\n[wire]\nport = 7422\nadmin_port = 7522\n')

    assert isinstance(load_settings(hub), HubSettings)
    assert load_hub(hub).hub == "hub-1"
    with pytest.raises(Malformed, match="not-a-member"):
        load_member(hub)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('member = "north"\nstor = "x"\n[wire]\nport = 1\n', "stor is no setting; did you mean store?"),
        ('member = "north"\n[wire]\nprot = 1\n', "wire.prot is no setting; did you mean wire.port?"),
        ('member = "north"\n[wire]\nport = 1\n[[wire.hubs]]\nnam = "hub-1"\n', "did you mean wire.hubs[].name?"),
        (
            'member = "north"\n[wire]\nport = 1\n[exercise]\nclock_ofset_s = 3600\n',
            "did you mean exercise.clock_offset_s?",
        ),
    ],
)
def test_a_misspelt_key_is_named_with_the_nearest(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(Malformed) as caught:
        load_settings(folder(tmp_path, text))

    assert caught.value.reason == "unknown-setting"
    assert named in caught.value.detail
    assert str(tmp_path / "settings.toml") in caught.value.detail


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("member = ", "bad-settings"),
        ('member = "north"\n', "bad-setting"),
        ('member = "North!"\n[wire]\nport = 1\n', "bad-setting"),
        ('member = "north"\n[wire]\nport = 70000\n', "bad-setting"),
        ('member = "north"\n[wire]\nport = "1"\n', "bad-setting"),
        ('member = "north"\n[wire]\nport = 1\n[[wire.hubs]]\nname = "h"\nurl = "http://x"\n', "bad-setting"),
    ],
)
def test_a_bad_value_is_refused_with_its_place(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(Malformed) as caught:
        load_settings(folder(tmp_path, text))

    assert caught.value.reason == reason


RADAR = (
    '[[sensors]]\nname = "radar-1"\nformat = "asterix"\nlat = 46.0\nlon = 7.0\n'
    'address = "udp://127.0.0.1:8600"\ntlp = "GREEN"\nto = ["east"]\n'
)


@pytest.mark.parametrize(
    ("sensors", "said"),
    [
        (RADAR + RADAR, "two sensors are called radar-1: give each a name of its own"),
        (RADAR + "exercise = true\n", 'say so with caveats = ["EXERCISE"]'),
    ],
)
def test_sensors_that_would_hide_something_are_refused(tmp_path: Path, sensors: str, said: str) -> None:
    with pytest.raises(Malformed) as caught:
        load_settings(folder(tmp_path, 'member = "north"\n[wire]\nport = 1\n' + sensors))

    assert caught.value.reason == "bad-setting"
    assert said in caught.value.detail


MAST = {"name": "mast", "format": "asterix", "lat": 46.9, "lon": 7.5, "tlp": "GREEN", "to": ["east"]}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (
            {"address": "udp://127.0.0.1"},
            "sensor 'mast': address = 'udp://127.0.0.1': write udp://HOST:PORT or tcp://HOST:PORT",
        ),
        ({"format": "radar"}, "sensor 'mast': format = 'radar': the formats are modes, asterix, ais"),
        ({"tlp": "BLUE"}, "the labels are CLEAR, GREEN, AMBER, AMBER+STRICT, RED"),
        ({"editions": ["48 1.2"]}, 'write them as ["048 1.32"]'),
        ({"lat": 91}, "sensor 'mast': lat = 91: Expected `float` <= 90.0"),
        ({"name": None, "address": "x"}, "the 2nd [[sensors]]: address = 'x': write udp://HOST:PORT"),
        ({"address": "udp://10.0.0.1:1", "tlp": None}, "sensor 'mast': it is heard at udp://10.0.0.1:1: say who"),
    ],
)
def test_a_wrong_value_names_its_sensor_and_says_how_it_is_written(wrong: dict[str, object], told: str) -> None:
    mast = {key: value for key, value in {**MAST, **wrong}.items() if value is not None}

    with pytest.raises(Malformed) as caught:
        parse_settings({**SMALL, "sensors": [{**MAST, "name": "first"}, mast]}, MemberSettings)

    assert told in caught.value.detail
    assert "$" not in caught.value.detail
    assert "regex" not in caught.value.detail


EAST = {"member": "east", "url": "tls://192.0.2.7:7500"}


@pytest.mark.parametrize(
    ("wire", "told"),
    [
        ({"direct": [{"member": "east"}]}, "east has no url, so it connects here: say where with wire.direct_listen"),
        ({"direct": [EAST, EAST]}, "wire.direct has east twice"),
        ({"direct": [{**EAST, "member": "north"}]}, "north is this member itself"),
        ({"direct": [{**EAST, "url": "nats://192.0.2.7:7500"}]}, "wire.direct"),
        ({"direct": [{**EAST, "url": "tls://192.0.2.7"}]}, "wire.direct"),
        ({"direct_listen": "7500"}, "wire.direct_listen"),
    ],
)
def test_direct_links_that_cannot_be_are_refused_with_what_to_do(wire: dict[str, Any], told: str) -> None:
    with pytest.raises(Malformed) as caught:
        parse_settings({**SMALL, "wire": {"port": 4301, **wire}}, MemberSettings)

    assert caught.value.reason == "bad-setting"
    assert told in caught.value.detail


def test_missing_settings_are_named(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"no-file: .*settings\.toml"):
        load_settings(Folder(tmp_path))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=10,
    )
)
@settings(max_examples=100, deadline=None)
def test_any_table_gives_settings_or_malformed(inner: Any) -> None:
    for raw in (
        {"member": inner, "wire": inner},
        {**SMALL, "exercise": inner},
        {**SMALL, "wire": {"hubs": inner, "direct": inner}},
    ):
        with suppress(Malformed):
            parse_settings(raw, MemberSettings)


def test_the_manual_has_every_setting_and_no_other() -> None:
    member, hub = sections()

    assert set(re.findall(r"^\| `([^`]+)` \|", member, re.MULTILINE)) == set(known_settings(MemberSettings))
    assert set(re.findall(r"^\| `([^`]+)` \|", hub, re.MULTILINE)) == set(known_settings(HubSettings))


@pytest.mark.parametrize("part", [0, 1])
def test_the_examples_of_the_manual_are_read(tmp_path: Path, part: int) -> None:
    example = re.search(r"```toml\n(.*?)```", sections()[part], re.DOTALL)

    assert example is not None
    assert load_settings(folder(tmp_path, example[1]))


def test_a_path_counts_from_the_folder_unless_it_is_absolute(tmp_path: Path) -> None:
    place = MemberFolder(tmp_path)

    assert place.path("api.sock") == tmp_path / "api.sock"
    assert place.path("/run/q.sock") == Path("/run/q.sock")


def test_a_socket_path_that_the_kernel_refuses_is_named(tmp_path: Path) -> None:
    check_socket_path(Path("/run/q.sock"))

    with pytest.raises(Malformed, match="socket-path-long"):
        check_socket_path(tmp_path / ("x" * 120))


@pytest.mark.parametrize("name", ["", "a/b", ".hidden", "a\nb", "x" * 200])
def test_a_name_that_is_no_file_name_is_refused(tmp_path: Path, name: Any) -> None:
    with pytest.raises(Malformed, match="bad-name"):
        MemberFolder(tmp_path).officer_key(name)
