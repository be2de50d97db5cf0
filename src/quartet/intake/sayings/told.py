"""Go through a page sentence by sentence: what each attributes, and what the page itself vouches for.

The order of a sentence's answer: (1) its marks of attribution, clause by clause, (2) what the officer or the
author of a channel saw, (3) whose page it is, (4) the agency that supplied the words, where no other source is named.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from msgspec.structs import replace

from quartet.intake.dates import Language
from quartet.intake.dates.spelling import Kind, tokens
from quartet.intake.sayings.bound import others_named
from quartet.intake.sayings.doubts import heard, sure
from quartet.intake.sayings.ground import Ground, ground, quotations
from quartet.intake.sayings.judged import Around, judged, surname
from quartet.intake.sayings.lexicon import Tag
from quartet.intake.sayings.marks import Mark, Role, marks
from quartet.intake.sayings.parties import party
from quartet.intake.sayings.people import distinct, people
from quartet.intake.sayings.person import Person, has
from quartet.intake.sayings.scene import Party, Scene, Sort
from quartet.intake.sayings.values import Confidence, Rule, Saying, Voice
from quartet.intake.sayings.words import Line, line_of
from quartet.intake.texts import BlockKind, Page, Span

_NAMING: Final = frozenset({BlockKind.TITLE, BlockKind.BODY, BlockKind.BYLINE})
_LONG_BYLINE: Final = 400
_NEAR_TITLE: Final = 5
_FEWEST_SPOKEN: Final = 7
"""Words in quotation marks from which on they are no name."""


def sayings(page: Page) -> tuple[Saying, ...]:
    """Return what a page attributes, in order of place; a sentence of which nothing is known has none."""
    return _sayings(page)


def governing(found: Sequence[Saying], span: Span) -> Saying:
    """Return of some sayings what governs a place: who says it before who vouches for the page; else an open one."""
    near = [(min(one.span.end, span.end) - max(one.span.start, span.start), one) for one in found]
    met = [(over, one) for over, one in near if over > 0 and 2 * over >= min(span.end - span.start, _size(one.span))]
    quoted = [pair for pair in met if pair[1].voice is Voice.QUOTED or pair[1].confidence is not Confidence.INFERRED]
    chosen = quoted or met
    if not chosen:
        return Saying(span=span)
    names = {(one.speaker, one.root, one.unnamed) for _, one in chosen}
    if len(names) > 1:
        holding = [one for _, one in chosen if one.span.holds(span)]
        return min(holding, key=lambda one: _size(one.span)) if holding else Saying(span=span, voice=Voice.QUOTED)
    return max(chosen, key=lambda pair: pair[0])[1]


def _size(span: Span) -> int:
    return span.end - span.start


def mentioned(page: Page) -> tuple[Span, ...]:
    """Return one place for each person whom the title, the byline or the body names, in order."""
    if page.language is None:
        return ()
    found = list[tuple[str, Person]]()
    outlet = page.outlet.of(page.text) if page.outlet is not None else ""
    own = {one.text for one in tokens(outlet)}
    for line in _naming(page, page.language):
        for one in people(line):
            name = " ".join(word.text for word in line.words[one.start : one.end] if word.kind is Kind.WORD)
            if not name or set(name.split()) - own:
                found.append((name, one))
    full = sorted(found, key=lambda pair: (pair[1].lone, pair[1].place.start))
    return tuple(sorted(distinct(full)))


def _naming(page: Page, language: Language) -> list[Line]:
    lines = [scene.line for scene in known_of(page, language).scenes]
    for number, block in enumerate(page.blocks):
        if block.kind is BlockKind.BYLINE and _size(block.place) <= _LONG_BYLINE:
            lines.append(line_of(page.text, block.place, language, number, telling=False))
    return lines


@lru_cache(maxsize=2)
def known_of(page: Page, language: Language) -> Ground:
    """Return what is known of a page before its sentences are judged: read once for all who ask of it."""
    return ground(page, language)


@lru_cache(maxsize=2)
def _sayings(page: Page) -> tuple[Saying, ...]:
    if page.language is None:
        return ()
    known = known_of(page, page.language)
    found = _attributed(known)
    sourced = any(one.root or one.speaker or one.unnamed or one.voice is Voice.QUOTED for some in found for one in some)
    sourced = sourced or any(
        any(word.opens for word in scene.line.words) and _spoken_in(scene) for scene in known.scenes
    )
    out = list[Saying]()
    for at, some in enumerate(found):
        if some:
            out += [_passed_on(one, known) for one in some]
        else:
            own = _own_voice(known, at, sourced=sourced)
            out += [] if own is None else [own]
    return tuple(sorted(_reached(known, out), key=lambda one: one.span))


def _spoken_in(scene: Scene) -> bool:
    """Return whether what stands in quotation marks is somebody's words, and no name: a verb or so many words."""
    inside, words = 0, scene.line.words
    for at, word in enumerate(words):
        if word.opens:
            close = next((i for i in range(at + 1, len(words)) if words[i].closes), len(words))
            inside = max(inside, close - at - 1)
    return inside >= _FEWEST_SPOKEN


def _attributed(known: Ground) -> list[list[Saying]]:
    """Return what the marks of each sentence attribute."""
    out, names, before = list[list[Saying]](), dict[str, Party](), None
    for at, scene in enumerate(known.scenes):
        some = list[Saying]()
        found = [sure(scene, one, read) for read in [marks(scene)] for one in read]
        for place, part in _clauses(scene.line, found):
            one = judged(part, _around(known, at, place, part, names, before, out))
            if one is not None:
                some.append(_widened(one, part, known, at))
        if not scene.line.words and _size(scene.line.place):
            some = [Saying(span=scene.line.place, rule=Rule.TOO_LONG)]
        if scene.line.words:
            before = next((one for one in reversed(some) if one.rule is not Rule.OPEN), before)
        for person in scene.people:
            who = party(scene, person.begin)
            if not person.lone and who is not None and who.sort is Sort.PERSON and who.name == person.place:
                names.setdefault(surname(who.name.of(known.page.text)), who)
        out.append(some)
    return out


def _clauses(line: Line, found: Sequence[Mark]) -> list[tuple[Span, list[Mark]]]:
    """Return the clauses of a sentence with their marks: more than one only where each says who says it."""
    if not found:
        return []
    cuts = [word.start for word in line.words if word.raw in ";؛"]
    edges = [line.place.start, *cuts, line.place.end]
    parts = [
        (Span(start, end), [one for one in found if start <= line.words[one.at].start < end])
        for start, end in pairwise(edges)
        if start < end
    ]
    full = [(place, some) for place, some in parts if some]
    split = [(line.place, full[0][1])] if len(full) == 1 else full
    return [piece for place, some in split for piece in _trailing(line, place, some)]


def _trailing(line: Line, place: Span, found: list[Mark]) -> list[tuple[Span, list[Mark]]]:
    """Return a clause cut behind each "..., X said" that another such follows."""
    says = [one for one in found if one.role in (Role.SAYS, Role.SEES) and one.party is not None]
    if len(says) < 2 or any(one.role in (Role.CITES, Role.CITED_BY) for one in found):
        return [(place, found)]
    first, second = says[0], says[1]
    ahead = sum(word.kind is Kind.WORD for word in line.words[: first.first] if word.start >= place.start)
    if ahead < 4 or second.first <= first.last:
        return [(place, found)]
    cut = line.words[first.last - 1].end
    left = [one for one in found if line.words[one.at].start < cut]
    right = [one for one in found if line.words[one.at].start >= cut]
    return [(Span(place.start, cut), left), *_trailing(line, Span(cut, place.end), right)]


def _around(
    known: Ground,
    at: int,
    place: Span,
    found: Sequence[Mark],
    names: dict[str, Party],
    before: Saying | None,
    out: Sequence[Sequence[Saying]],
) -> Around:
    line = known.scenes[at].line
    outlet = known.page.outlet
    own = () if outlet is None else tuple(outlet.of(known.page.text).casefold().split())
    return Around(
        place=place,
        outlet=outlet,
        own_body=known.own_body,
        known=names,
        antecedent=_antecedent(known, at, found, out),
        before=before,
        hearsay=heard(line.words),
        anonymous=any(Tag.ANONYMITY in word.tags for word in line.words),
        own_names=frozenset((*own, "the")),
        text=known.page.text,
    )


def _antecedent(known: Ground, at: int, found: Sequence[Mark], out: Sequence[Sequence[Saying]]) -> Party | None:
    """Return the one person whom "he" can mean: named before it, there or in the sentence before, and nobody else."""
    mark = next((one for one in found if one.party is not None and one.party.sort is Sort.PRONOUN), None)
    if mark is None or mark.party is None:
        return None
    scene = known.scenes[at]
    if mark.role is not Role.HIS_WORDS and mark.party.start != mark.at:
        pronoun = scene.line.words[mark.party.start]
        if Tag.HE not in pronoun.tags:
            return None
    here = [(scene, one) for one in scene.people if one.end <= mark.first]
    earlier = known.scenes[at - 1] if at and known.kinds[at - 1] is BlockKind.BODY else None
    if earlier is not None and any(one.unnamed or one.rule is Rule.OPEN for one in out[at - 1]):
        return None
    there = [] if earlier is None else [(earlier, one) for one in earlier.people]
    if there and earlier is not None and not _spoke(known, earlier, out[at - 1]) and others_named(earlier):
        return None
    names = {surname(one.place.of(known.page.text)) for _, one in [*here, *there]}
    if len(names) != 1 or (earlier is not None and _others(earlier)):
        return None
    where, person = ([*here, *there])[0]
    return party(where, person.begin)


def _spoke(known: Ground, earlier: Scene, said: Sequence[Saying]) -> bool:
    """Return whether the one person of a sentence is who says what it tells."""
    text = known.page.text
    speakers = {surname(one.speaker.of(text)) for one in said if one.speaker is not None}
    return bool(speakers) and speakers == {surname(one.place.of(text)) for one in earlier.people}


def _his(scene: Scene, one: Person, at: int) -> bool:
    """Return whether a word is of a person's title, apposition or name, or of the title before a comma."""
    comma = one.begin > 0 and scene.line.words[one.begin - 1].raw in ",،" and 0 < one.begin - at <= _NEAR_TITLE
    return comma or one.begin <= at < max(one.end, one.after)


def _others(scene: Scene) -> bool:
    """Return whether a sentence tells of anybody besides those whom it names: "he" may be the mayor then."""
    for at, word in enumerate(scene.line.words):
        if Tag.BESIDE in word.tags:
            return True
        titled = has(word, Tag.RANK, Tag.SOLE, Tag.SERVICE, Tag.PRIVATE, Tag.UNNAMED, Tag.CLOSE)
        if titled and not any(_his(scene, one, at) for one in scene.people):
            return True
    return False


def _widened(saying: Saying, found: Sequence[Mark], known: Ground, at: int) -> Saying:
    """Return a saying over the sentence before too, where it says who said that."""
    line = known.scenes[at].line
    if not any(one.this for one in found) or not at or known.scenes[at - 1].line.block != line.block:
        return saying
    return replace(saying, span=Span(known.scenes[at - 1].line.place.start, saying.span.end))


def _passed_on(saying: Saying, known: Ground) -> Saying:
    """Return a saying with the agency that supplied the words, or the officer who was told, as its last relay."""
    last = known.credited
    if known.officer is not None and saying.root != known.officer:
        last = known.officer
    if last is None or saying.voice is not Voice.QUOTED or saying.rule in (Rule.OPEN, Rule.TOO_LONG):
        return saying
    text = known.page.text
    bare = last.of(text).strip('«»"“” ').casefold()
    if any(bare in one.of(text).casefold() for one in (*saying.relays, saying.root) if one is not None):
        return saying
    return replace(saying, relays=(*saying.relays, last))


def _own_voice(known: Ground, at: int, *, sourced: bool) -> Saying | None:
    """Return for what the page itself vouches in a sentence that attributes nothing."""
    line, page = known.scenes[at].line, known.page
    first = any(Tag.FIRST in word.tags for word in line.words)
    asks = any(word.raw in "?؟" for word in line.words if word.kind is not Kind.WORD)
    hedged = any(has(word, Tag.HEDGE, Tag.HEARSAY, Tag.ANONYMITY) for word in line.words)
    if asks or hedged:
        return None
    if page.author is not None:
        who = known.officer
        return _vouched(line, who, Voice.OFFICER, Rule.OFFICER) if first and who is not None else None
    if known.channel:
        return _vouched(line, page.outlet, Voice.PAGE, Rule.CHANNEL, stated=first)
    if known.own_body:
        return _vouched(line, page.outlet, Voice.PAGE, Rule.OWN_PAGE, stated=False)
    if page.agency is not None and not sourced and (known.credited is not None or _publishes(known)):
        return _vouched(line, page.agency, Voice.AGENCY, Rule.AGENCY, stated=False)
    return None


def _publishes(known: Ground) -> bool:
    return known.credited is None and known.page.outlet is not None and known.page.agency is not None


def _vouched(line: Line, root: Span | None, voice: Voice, rule: Rule, *, stated: bool = True) -> Saying:
    confidence = Confidence.STATED if stated else Confidence.INFERRED
    return Saying(span=line.place, root=root, voice=voice, rule=rule, confidence=confidence)


def _reached(known: Ground, found: list[Saying]) -> list[Saying]:
    """Return the sayings, each that alone says who speaks a quotation over all of it; what was not read says so."""
    ordered = sorted(found, key=lambda one: one.span)
    starts = [one.span.start for one in ordered]
    for quotation in quotations(known.page):
        first = max(0, bisect_right(starts, quotation.start) - 1)
        met = [
            at
            for at in range(first, bisect_left(starts, quotation.end))
            if ordered[at].voice is Voice.QUOTED and ordered[at].span.end > quotation.start
        ]
        if len(met) == 1 and ordered[met[0]].rule is not Rule.OPEN:
            span = ordered[met[0]].span
            joined = Span(min(span.start, quotation.start), max(span.end, quotation.end))
            ordered[met[0]] = replace(ordered[met[0]], span=joined)
    return ordered if known.unread is None else [*ordered, Saying(span=known.unread, rule=Rule.TOO_LONG)]
