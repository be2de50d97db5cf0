"""Alerts in: any bytes are an alert or `Malformed`; what one claims of who may have it is read as nothing."""

from typing import Any

import pytest
from cap import NOW, alert, bare, checked
from hypothesis import example, given
from hypothesis import strategies as st

from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, Micros
from quartet.desk.warning import MAX_WORDS, check_early
from quartet.gateways.cap.reading import Read, read_cap
from quartet.gateways.cap.words import SPACE, time_text
from quartet.node.desk.came import Announced, Came

GOOD = alert()
ODD = [
    "\x00",
    "&#0;",
    "&a;",
    "<!DOCTYPE a>",
    "<!ENTITY a 'b'>",
    "\ufffe",
    "<",
    "]]>",
    "𐀀",
    "NaN",
    "1e999",
    "-0",
    "9" * 400,
]
HEADS = [
    "<?xml version='1.0' encoding='utf-16'?>",
    "<?xml version='1.0' encoding='idna'?>",
    "<?xml version='1.0' encoding='utf-7'?>",
    "<?xml version='1.0' encoding='cp037'?>",
    "<?xml version='1.0' encoding='unknown-8'?>",
    "<?xml version='1.0' encoding='rot13'?>",
    "<?xml version='1.0' encoding='hex'?>",
    "<?xml version='1.1'?>",
    "\ufeff<?xml version='1.0'?>",
    " <?xml version='1.0'?>",
    "<!DOCTYPE alert [<!ENTITY a 'b'>]>",
    "<!DOCTYPE alert SYSTEM 'file:///etc/passwd'>",
]


def read(data: bytes) -> Read | None:
    """Return what was read, or None for `Malformed`; anything else escapes and fails."""
    try:
        found = read_cap(data, "door", NOW)
    except Malformed:
        return None
    if found.came is not None and found.came.said is not None:
        assert (
            sum(len(t.encode()) for i in found.came.said.info for t in (i.hazard, i.headline, i.protect)) <= MAX_WORDS
        )
    return found


def content(came: Came | None) -> Announced:
    assert came is not None
    assert came.said is not None
    return came.said


@given(st.binary(max_size=400))
@example(b"")
@example(b"<a xmlns='urn:oasis:names:tc:emergency:cap:1.2'>" * 5000)
@example(b"\xff\xfe<\x00")
def test_any_bytes_are_an_alert_or_malformed(data: bytes) -> None:
    read(data)


@given(st.data())
def test_an_alert_that_was_cut_and_sewn_is_an_alert_or_malformed(data: st.DataObject) -> None:
    text = GOOD.decode()
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        to = data.draw(st.integers(at, min(len(text), at + 30)))
        text = text[:at] + data.draw(st.sampled_from(["", *ODD])) + text[to:]
    read(text.encode())


@pytest.mark.parametrize("head", HEADS)
def test_a_strange_head_is_read_or_refused(head: str) -> None:
    found = read(alert(head=head))

    if "DOCTYPE" in head:
        assert found is None


@pytest.mark.parametrize("name", ["identifier", "sender", "sent", "status", "msgType", "scope", "expires", "language"])
@pytest.mark.parametrize("odd", [*ODD, "", "a b", "a,b"])
def test_an_odd_word_in_any_place_is_read_or_refused(name: str, odd: str) -> None:
    read(alert(**{name: odd}))


def test_an_alert_is_read_as_what_it_says() -> None:
    found = read_cap(GOOD, "met", NOW)
    came = found.came

    assert came is not None
    said = content(came)
    assert (came.word, said.category, said.severity) == ("ALERT", "Met", "Severe")
    assert (said.info[0].language, said.info[0].protect) == ("fr", "Quittez les rives.")
    assert said.areas[0].polygons == (
        ((470000000, 80000000), (471000000, 80000000), (471000000, 82000000), (470000000, 80000000)),
    )
    assert (came.source.sender, came.source.identifier) == ("floods@authority.example", "A-1")
    assert came.original == GOOD


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"sent": "2026-03-01T04:05:06"}, "bad-cap"),
        ({"sent": "2026-13-01T04:05:06-00:00"}, "bad-cap"),
        ({"expires": "0001-01-01T00:00:00+14:00"}, "bad-cap"),
        ({"scope": "Everybody"}, "bad-cap"),
        ({"references": "a,b"}, "bad-cap"),
        ({"area": "<areaDesc>x</areaDesc><polygon>47,8 47.1,8 47,8</polygon>"}, "bad-cap"),
        ({"area": "<areaDesc>x</areaDesc><circle>47,8</circle>"}, "bad-cap"),
        ({"area": "<areaDesc>x</areaDesc><circle>97,8 1</circle>"}, "bad-cap"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(more: dict[str, str], reason: str) -> None:
    with pytest.raises(Malformed) as error:
        read_cap(alert(**more), "door", NOW)

    assert error.value.reason == reason


def test_what_to_do_comes_before_what_is_happening_and_either_may_stand_alone() -> None:
    happens = "<description>La digue cède.</description>".encode()
    both = GOOD.replace(b"<instruction>", happens + b"<instruction>")
    alone = GOOD.replace(b"<instruction>Quittez les rives.</instruction>", happens)

    told = [content(read_cap(data, "met", NOW).came).info[0].protect for data in (GOOD, both, alone)]

    assert told == ["Quittez les rives.", "Quittez les rives.\n\n\u2014 La digue cède.", "La digue cède."]


def test_a_long_text_is_cut_says_so_and_still_makes_sense() -> None:
    long = alert().replace(b"Quittez les rives.", "é".encode() * 9_000)
    came = read_cap(long, "door", NOW).came

    assert content(came).info[0].protect.endswith("[…]")


@pytest.mark.parametrize("status", ["Draft", "System"])
def test_a_draft_and_a_message_between_systems_warn_nobody(status: str) -> None:
    assert read_cap(alert(status=status), "door", NOW).came is None


@pytest.mark.parametrize("status", ["Exercise", "Test"])
def test_a_drill_is_a_drill(status: str) -> None:
    came = read_cap(alert(status=status), "door", NOW).came

    assert came is not None
    assert came.exercise


def test_a_bomb_of_entities_is_refused_before_it_grows() -> None:
    bomb = "<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>"

    with pytest.raises(Malformed, match="bad-xml"):
        read_cap(alert(head=bomb, identifier="&b;"), "door", NOW)


def test_another_version_is_no_alert_of_ours() -> None:
    with pytest.raises(Malformed, match="bad-cap"):
        read_cap(GOOD.replace(SPACE.encode(), b"urn:oasis:names:tc:emergency:cap:1.1"), "door", NOW)


def test_what_was_read_is_a_warning_that_a_node_takes() -> None:
    from quartet.desk.warning import Early

    came = read_cap(alert(expires=time_text(Micros(NOW + 900_000 * SECOND))), "door", NOW).came

    assert came is not None
    fields: dict[str, Any] = {name: getattr(content(came), name) for name in Announced.__struct_fields__}
    check_early(Early(**fields, source=came.source, desks=()), NOW)


@pytest.mark.parametrize("kind", ["Update", "Cancel"])
def test_an_update_and_a_cancel_may_say_nothing_themselves_as_the_schema_lets_them(kind: str) -> None:
    named = f"a@b,1,{time_text(NOW)} a@b,2,{time_text(NOW)}"
    data = bare(msgType=kind, references=named, note="no flood came")
    checked(data)

    came = read_cap(data, "met", NOW).came

    assert came is not None
    assert (came.said, came.note, came.follows) == (None, "no flood came", (("a@b", "1", NOW), ("a@b", "2", NOW)))


def test_an_alert_that_says_nothing_is_refused() -> None:
    with pytest.raises(Malformed, match="bad-cap"):
        read_cap(bare(), "met", NOW)


def test_more_references_than_are_read_are_refused_and_never_cut() -> None:
    with pytest.raises(Malformed, match="1025 references"):
        read_cap(bare(msgType="Cancel", references=f"a@b,1,{time_text(NOW)} " * 1025), "met", NOW)


def test_the_zone_in_which_a_reference_gives_its_time_is_no_matter() -> None:
    found = read_cap(bare(msgType="Cancel", references="a@b,1,2027-01-15T10:00:00+02:00"), "met", NOW)

    assert found.references == (("a@b", "1", NOW),)


SIGNATURE = (
    "<Signature xmlns='http://www.w3.org/2000/09/xmldsig#'><SignedInfo><CanonicalizationMethod"
    " Algorithm='http://www.w3.org/2001/10/xml-exc-c14n#'/><SignatureMethod"
    " Algorithm='http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'/><Reference URI=''><DigestMethod"
    " Algorithm='http://www.w3.org/2001/04/xmlenc#sha256'/><DigestValue>AAAA</DigestValue></Reference></SignedInfo>"
    "<SignatureValue>AAAA</SignatureValue></Signature></alert>"
)


def test_an_alert_with_a_signature_says_what_it_says_without_one_and_nothing_is_believed_for_it() -> None:
    signed = GOOD.replace(b"</alert>", SIGNATURE.encode())
    checked(signed)

    came, plain = read_cap(signed, "met", NOW).came, read_cap(GOOD, "met", NOW).came

    assert content(came) == content(plain)
    assert came is not None
    assert came.original == signed
