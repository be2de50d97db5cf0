"""From what an officer says about an item to the draft that says it: marked as that is, for its audience or less.

It names its subject and carries nothing of it, so it is never for more than those who may have the subject: what is
said about a matter tells that there is one.
"""

from msgspec import UNSET

from quartet.core.faults import Malformed
from quartet.core.ids import MemberId
from quartet.core.marking import TLP_ORDER, Marking, TlpWord
from quartet.core.release import Viewer
from quartet.core.statement import HELD_KINDS
from quartet.core.verify import Verified
from quartet.node.desk.speech import Speech
from quartet.node.drafting import TITLE
from quartet.node.parts import Parts
from quartet.node.seeing import Seeing
from quartet.node.threads import Threads
from quartet.node.views import Draft, moment


class Speaking:
    """Drafts what is said about items."""

    def __init__(self, parts: Parts, seeing: Seeing, threads: Threads) -> None:
        self._clock = parts.clock
        self._seeing = seeing
        self._threads = threads

    def draft(self, viewer: Viewer, ref: str, speech: Speech) -> Draft:
        """Return the draft of what is said about an item that the viewer may see; raise as `beside` does."""
        found, _ = self._seeing.find(ref, viewer, self._clock.now())
        return beside(found.item, self._threads.marking(found.item), self._threads.audience(found.item), speech)


def beside(subject: Verified, marking: Marking, audience: list[MemberId], words: Speech) -> Draft:
    """Return the draft of what is said about a subject, which is marked so now.

    Raise `Malformed("beyond-audience")` or `("tlp-wider")`.
    """
    to = tuple(audience if words.to is None else words.to)
    beyond = sorted(set(to) - set(audience))
    if beyond:
        raise Malformed("beyond-audience", f"{', '.join(beyond)} cannot have what this is about")
    return Draft(
        tlp=_label(marking.tlp, words.tlp),
        title=words.title or _first_line(words.text),
        text=words.text,
        to=to,
        kind=words.kind,
        persons=marking.persons_named,
        precedence=words.precedence or subject.statement.precedence,
        caveats=marking.caveat_words,
        onward=marking.onward_word,  # type: ignore[arg-type]  # a subject's own word
        mode=marking.mode_word,  # type: ignore[arg-type]
        expires=None if marking.expiry is None or words.kind in HELD_KINDS else moment(marking.expiry),
        cites=(subject.id, *words.cites),
        purposes=() if marking.purposes is UNSET else tuple(marking.purposes),
        once=words.once,
        form={name: value for name, value in words.form.items() if value is not None},
    )


def _label(subject: str, asked: TlpWord | None) -> TlpWord:
    """Return the label that was asked for, which may be stricter than the subject's and never wider."""
    if asked is None or asked == subject:
        return subject  # type: ignore[return-value]  # a word that is not known closes the subject to who would speak
    if TLP_ORDER.index(asked) < TLP_ORDER.index(subject):
        raise Malformed("tlp-wider", f"{asked} is wider than {subject}, which this is about")
    return asked


def _first_line(text: str) -> str:
    return next((line.strip()[:TITLE] for line in text.splitlines() if line.strip()), "")
