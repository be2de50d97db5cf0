"""A communiqué: one text in several languages that members stand behind by its hash, and outsiders check with files.

A draft is agreed when every member that it names concurs with exactly that text; an edit is a new draft and voids every
word on the old one. What is published is CLEAR and must say what was agreed, letter by letter; each member then signs
the published text before everybody. Nobody speaks for the centre without that.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from quartet.core.encoding import Value, b64, digest, encode
from quartet.core.faults import Malformed
from quartet.core.ids import MemberId, Micros
from quartet.desk.action import CONCURS, Members, Position
from quartet.desk.naming import Item
from quartet.desk.said import Said, about, for_members

TAG = "quartet/communique/v1"
MAX_LANGUAGES = 16


class Version(Value, frozen=True):
    """The text in one language; each is as good as the other."""

    language: Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?\Z")]
    title: Annotated[str, Meta(min_length=1, max_length=300)]
    text: Annotated[str, Meta(min_length=1, max_length=32_768)]


Versions = Annotated[tuple[Version, ...], Meta(min_length=1, max_length=MAX_LANGUAGES)]


class Drafted(Value, frozen=True):
    """The form of a `communique-draft` item: the text, and who must stand behind it; `previous` is what it replaces."""

    versions: Versions
    members: Annotated[Members, Meta(min_length=1)]
    previous: Item | None = None


class Communique(Value, frozen=True):
    """The form of a `communique` item: the text as it was agreed, for everybody; `hash` is that of the agreed draft."""

    draft: Item
    hash: str
    versions: Versions
    members: Annotated[Members, Meta(min_length=1)]


class Agreement(StrEnum):
    """How a draft stands."""

    OPEN = "OPEN"
    AGREED = "AGREED"
    OBJECTED = "OBJECTED"
    REPLACED = "REPLACED"


class Stood(Value, frozen=True):
    """How a draft stands: who concurs, who objects, whose words void each other, and by whom it was replaced."""

    state: Agreement
    concurring: tuple[MemberId, ...]
    objecting: tuple[MemberId, ...]
    void: tuple[MemberId, ...]


def hash_of(versions: Iterable[Version], members: Iterable[str]) -> str:
    """Return the hash of a text in all its languages, with those who stand behind it."""
    told = sorted(versions, key=lambda one: one.language)
    return b64(digest(TAG, encode(tuple(told)), encode(tuple(sorted(members)))))


def check_drafted(drafted: Drafted, _: Micros) -> None:
    """Raise `Malformed("bad-form")` for a language that is there twice."""
    _check_languages(drafted.versions)


def check_communique(communique: Communique, _: Micros) -> None:
    """Raise `Malformed("bad-form")` for a language that is there twice, or a hash of another text."""
    _check_languages(communique.versions)
    if communique.hash != hash_of(communique.versions, communique.members):
        raise Malformed("bad-form", "hash: it is not that of this text and these members")


def stood(draft: Said[Drafted], positions: Iterable[Said[Position]], others: Iterable[Said[Drafted]]) -> Stood:
    """Return how a draft stands; only the member that drafted it can replace it."""
    where = {MemberId(member): heads(MemberId(member), draft, positions) for member in draft.form.members}
    concurring = tuple(m for m, own in where.items() if len(own) == 1 and own[0].form.stance in CONCURS)
    objecting = tuple(m for m, own in where.items() if len(own) == 1 and own[0].form.stance == "OBJECT")
    void = tuple(m for m, own in where.items() if len(own) > 1)
    replaced = any(o.form.previous == draft.id and o.member == draft.member for o in for_members(others))
    state = (
        Agreement.REPLACED
        if replaced
        else Agreement.AGREED
        if len(concurring) == len(where)
        else Agreement.OBJECTED
        if objecting
        else Agreement.OPEN
    )
    return Stood(state=state, concurring=concurring, objecting=objecting, void=void)


def heads(
    member: MemberId, of: Said[Drafted] | Said[Communique], positions: Iterable[Said[Position]]
) -> tuple[Said[Position], ...]:
    """Return a member's positions on exactly this text that no other of its own replaced."""
    own = [one for one in about("version", of.id, positions) if one.member == member]
    replaced = {one.form.previous for one in own}
    return tuple(one for one in own if one.id not in replaced)


def as_agreed(communique: Said[Communique], draft: Said[Drafted] | None, stood: Stood | None) -> bool:
    """Return whether what is published is what was agreed, letter by letter, and by all whom it names."""
    if draft is None or stood is None or stood.state is not Agreement.AGREED or communique.form.draft != draft.id:
        return False
    agreed = hash_of(draft.form.versions, draft.form.members)
    return agreed == communique.form.hash == hash_of(communique.form.versions, communique.form.members)


def signers(communique: Said[Communique], positions: Iterable[Said[Position]]) -> tuple[MemberId, ...]:
    """Return which of the members that it names signed the published text before everybody."""
    told = tuple(positions)
    found = ((MemberId(member), heads(MemberId(member), communique, told)) for member in communique.form.members)
    return tuple(m for m, own in found if len(own) == 1 and own[0].form.stance in CONCURS)


def _check_languages(versions: Iterable[Version]) -> None:
    told = [one.language for one in versions]
    if len(set(told)) != len(told):
        raise Malformed("bad-form", "versions: a language is there twice")
