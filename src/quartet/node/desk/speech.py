"""What an officer says about an item, in a form; its JSON is held to as that of `views`."""

from typing import Annotated, Any

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.ids import KIND_PATTERN, MemberField
from quartet.core.marking import TlpWord
from quartet.core.statement import MAX_CITATIONS, Precedence
from quartet.node.views import MAX_TITLE, OnceField, Reference


class Speech(Value, frozen=True):
    """What is said: its kind and form, its text, to whom (None: the whole audience), and a stricter label if any."""

    kind: Annotated[str, Meta(pattern=KIND_PATTERN)]
    form: dict[str, Any]
    text: str = ""
    title: Annotated[str, Meta(max_length=MAX_TITLE)] = ""
    to: tuple[MemberField, ...] | None = None
    tlp: TlpWord | None = None
    precedence: Precedence | None = None
    cites: Annotated[tuple[Reference, ...], Meta(max_length=MAX_CITATIONS)] = ()
    once: OnceField | None = None
