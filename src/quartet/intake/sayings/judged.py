"""Judge what the marks of one clause say together: who says it, who knew it first, who passed it on.

A source without a name silences every person of its sentence: whoever is named beside it has said nothing. Two who
say it in one clause, and no word that orders them, leave it open.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from msgspec.structs import replace

from quartet.intake.sayings.lexicon import Tag
from quartet.intake.sayings.marks import Mark, Role
from quartet.intake.sayings.scene import Party, Sort
from quartet.intake.sayings.values import Confidence, Rule, Saying, Voice
from quartet.intake.texts import Span

_SPOKEN_FOR: Final = frozenset({Tag.RANK, Tag.SERVICE})
_PASSES_ON: Final = frozenset({Sort.AGENCY, Sort.MEDIUM, Sort.OWN_AGENCY, Sort.NAMED})


class Around(NamedTuple):
    """What is known around a clause when it is judged."""

    place: Span
    outlet: Span | None
    own_body: bool
    known: dict[str, Party]
    """Who was named in full before, by surname."""
    antecedent: Party | None
    """The one person whom a pronoun here can mean."""
    before: Saying | None
    """What was attributed last."""
    hearsay: bool
    anonymous: bool
    own_names: frozenset[str]
    """The words of the name of a body that publishes."""
    text: str


def judged(found: Sequence[Mark], around: Around) -> Saying | None:
    """Return what the marks of a clause attribute, or None where they attribute nothing."""
    says = [
        one
        for one in found
        if one.role in (Role.SAYS, Role.SEES, Role.HIS_WORDS, Role.ANSWERS) and one.party is not None
    ]
    cites = [one for one in found if one.role in (Role.CITES, Role.CITED_BY)]
    if not says and not cites:
        return _without_party(found, around)
    unnamed = next((one.party for one in [*says, *cites] if one.party and one.party.sort is Sort.UNNAMED), None)
    if unnamed is not None or around.anonymous:
        return _nobody(unnamed, [*says, *cites], around)
    if cites:
        blind = [one for one in found if one.role is Role.SAYS and one.party is None]
        after = any(one.at > cites[-1].last or not says for one in blind)
        return Saying(span=around.place, voice=Voice.QUOTED) if after else _toned(_chain(says, cites, around), found)
    return _toned(_said(says, around), found)


def _without_party(found: Sequence[Mark], around: Around) -> Saying | None:
    if any(one.role is Role.SAME for one in found) and around.before is not None:
        return _again(around.before, around.place)
    asked = next((one.party for one in found if one.role is Role.ASKED), None)
    if asked is not None and any(one.role in (Role.ANSWERS, Role.SAYS) for one in found):
        spoken = _settled(asked, around)
        return _toned(spoken, found) if spoken is None else _toned(replace(spoken, rule=Rule.ANSWER), found)
    if any(one.role in (Role.RUMOUR, Role.SAYS, Role.ANSWERS) for one in found) or around.anonymous:
        return Saying(span=around.place, voice=Voice.QUOTED)
    return None


def _again(before: Saying, place: Span) -> Saying:
    """Return what "the same source" says: nothing that its verbs did before."""
    again = replace(before, span=place, rule=Rule.SAME, confidence=Confidence.RESOLVED)
    return replace(again, denies=False, unsure=False)


def _nobody(unnamed: Party | None, found: Sequence[Mark], around: Around) -> Saying:
    """Return what a source without a name says: an outlet named there passed it on, a person did nothing."""
    relays = tuple(
        one.party.name for one in found if one.party is not None and one.party.sort in (Sort.AGENCY, Sort.MEDIUM)
    )
    return Saying(
        span=around.place,
        relays=relays,
        unnamed=None if unnamed is None else unnamed.name,
        voice=Voice.QUOTED,
        rule=Rule.VERB if unnamed is not None else Rule.OPEN,
        confidence=Confidence.STATED if unnamed is not None else Confidence.OPEN,
        denies=any(one.tag is Tag.DENY for one in found),
        unsure=any(one.tag is Tag.UNSURE for one in found),
    )


def _toned(saying: Saying | None, found: Sequence[Mark]) -> Saying | None:
    """Return a saying with what its verbs do: deny, or neither confirm nor deny."""
    if saying is None:
        return None
    unsure = any(one.tag is Tag.UNSURE for one in found)
    first = next((one for one in found if one.party is not None), None)
    denies = any(one.tag is Tag.DENY and (one is first or one.party is None) for one in found) and not unsure
    return replace(saying, denies=denies, unsure=unsure) if unsure or denies else saying


def _chain(says: Sequence[Mark], cites: Sequence[Mark], around: Around) -> Saying:
    """Return a chain: whoever cites stands outside of whom it cites; the innermost knew it first."""
    order = list[Party]()
    for one in says[:1]:
        assert one.party is not None
        order.append(one.party)
    if not order and cites[0].role is Role.CITED_BY:
        inner = cites[0].quoted
        if inner is None:
            return Saying(span=around.place, voice=Voice.QUOTED, rule=Rule.CHAIN)
        order.append(inner)
    if not order and cites[0].relative:
        return Saying(span=around.place, voice=Voice.QUOTED, rule=Rule.CHAIN)
    for one in cites:
        if one.party is None or one.party.sort in (Sort.UNKNOWN, Sort.PRONOUN):
            return Saying(span=around.place, voice=Voice.QUOTED, rule=Rule.CHAIN)
        if one.role is Role.CITED_BY:
            order.insert(0, one.party)
        else:
            order.append(one.party)
    innermost = _settled(order[-1], around)
    outer = [one for one in reversed(order[:-1]) if one.sort not in (Sort.OURS,)]
    if innermost is None or len(says) > 1 or any(one.sort in (Sort.UNKNOWN, Sort.PRONOUN) for one in outer):
        return Saying(span=around.place, voice=Voice.QUOTED, rule=Rule.CHAIN)
    relays = (*innermost.relays, *(one.name for one in outer))
    kept = tuple(relay for at, relay in enumerate(relays) if relay not in relays[:at])
    return Saying(
        span=around.place,
        speaker=innermost.speaker,
        root=innermost.root,
        relays=kept,
        voice=innermost.voice,
        rule=Rule.CHAIN,
        confidence=innermost.confidence,
    )


def _said(says: Sequence[Mark], around: Around) -> Saying:
    """Return what one party says, or nothing where two do and no word orders them."""
    spoken = [(one, _settled(one.party, around)) for one in says if one.party is not None]
    named = [(one, saying) for one, saying in spoken if saying is not None]
    spoken = [pair for pair in spoken if pair[1] is not None or not _same_again(pair[0])]
    if not named:
        return Saying(span=around.place, voice=Voice.QUOTED)
    speakers = {(saying.speaker, saying.root) for _, saying in named}
    if len(speakers) > 1 or len(named) < len(spoken):
        return Saying(span=around.place, voice=Voice.QUOTED)
    mark, saying = named[0]
    if mark.told is not None and mark.told.name not in saying.relays:
        saying = replace(saying, relays=(*saying.relays, mark.told.name))
    rule = _rule(mark, saying)
    return replace(saying, rule=rule)


def _same_again(mark: Mark) -> bool:
    """Return whether a pronoun is for whoever spoke: "the ministry said that it believes"."""
    return mark.party is not None and mark.party.sort is Sort.PRONOUN and mark.role is not Role.HIS_WORDS


def _rule(mark: Mark, saying: Saying) -> Rule:
    if saying.rule is not Rule.VERB:
        return saying.rule
    if mark.this:
        return Rule.THIS
    return Rule.ACCORDING if mark.tag is Tag.ACCORDING else Rule.VERB


def _settled(who: Party, around: Around) -> Saying | None:
    """Return what it means that this party says it, or None where it cannot be told who that is."""
    match who.sort:
        case Sort.UNKNOWN | Sort.UNNAMED:
            return None
        case Sort.PRONOUN:
            one = around.antecedent
            spoken = None if one is None else _settled(one, around)
            return None if spoken is None else replace(spoken, rule=Rule.PRONOUN, confidence=Confidence.RESOLVED)
        case Sort.PERSON:
            return _person(who, around)
        case Sort.OURS:
            return _ours(around)
        case Sort.OWN_AGENCY:
            return _spoken(around, None, who.body or who.name, Voice.AGENCY, Rule.AGENCY)
        case Sort.AGENCY if who.reporter:
            return _spoken(around, None, who.name, Voice.AGENCY, Rule.AGENCY)
        case Sort.MEDIUM | Sort.NAMED:
            return _spoken(around, who.name, None, relays=(who.name,) if who.sort is Sort.MEDIUM else ())
        case Sort.BODY:
            return _spoken(around, who.name, _own(who, around))
        case _:
            return _spoken(around, who.name, who.name)


def _spoken(
    around: Around,
    speaker: Span | None,
    root: Span | None,
    voice: Voice = Voice.QUOTED,
    rule: Rule = Rule.VERB,
    relays: tuple[Span, ...] = (),
) -> Saying:
    if around.hearsay and root is not None:
        root, relays = None, (*relays, *(() if speaker is None else (speaker,)))
    return Saying(
        span=around.place,
        speaker=speaker,
        root=root,
        relays=relays,
        voice=voice,
        rule=rule,
        confidence=Confidence.STATED,
    )


def _own(who: Party, around: Around) -> Span:
    """Return the body that is the root: who publishes, where its own page says "the Board"."""
    if around.own_body and around.outlet is not None:
        said = set(who.name.of(around.text).casefold().split())
        if said - around.own_names <= {"the", "le", "la", "les"} or said <= around.own_names:
            return around.outlet
    return who.name


def _ours(around: Around) -> Saying | None:
    """Return what the own people of the outlet saw; that the outlet names itself says nothing more."""
    return _spoken(around, None, around.outlet, Voice.PAGE, Rule.OWN_PEOPLE)


def _person(who: Party, around: Around) -> Saying:
    """Return what a person says: for a body that is named, or alone; of a rank without a body nobody knew it first."""
    full = around.known.get(surname(who.name.of(around.text)), who)
    if who.body is None and full.name != who.name:
        who = who._replace(body=full.body, title=full.title)
    if who.body is not None:
        return _spoken(around, who.name, who.body)
    alone = who.title not in _SPOKEN_FOR and not (who.title is Tag.HONORIFIC and full is who and _lone(who, around))
    return _spoken(around, who.name, who.name if alone else None)


def _lone(who: Party, around: Around) -> bool:
    return " " not in who.name.of(around.text)


def surname(name: str) -> str:
    """Return the last word of a name, without what its case ends with."""
    last = name.split()[-1].casefold()
    return last[: max(4, len(last) - 2)]
