"""An embedder that speaks `/v1/embeddings` of OpenAI's API."""

from typing import Annotated

import msgspec
from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.marking import TLP_ORDER
from quartet.gateways.assist.asking import Asked
from quartet.intake.ports import MAX_DIMENSIONS, MAX_TEXTS, Given, Sending, Vector, odd, unit


class Question(Value, frozen=True):
    """What is asked."""

    model: str
    input: tuple[str, ...]
    encoding_format: str = "float"


class Placed(msgspec.Struct, frozen=True):
    """The vector of one text, and which text that is."""

    index: int
    embedding: Annotated[tuple[float, ...], Meta(min_length=1, max_length=MAX_DIMENSIONS)]


class Answer(msgspec.Struct, frozen=True):
    """What of an answer is read."""

    data: Annotated[tuple[Placed, ...], Meta(max_length=MAX_TEXTS)]


class OpenAiEmbedder:
    """A model of this member's own that places texts."""

    def __init__(self, asked: Asked, model: str) -> None:
        self._asked = asked
        self.model = model

    async def embed(self, given: tuple[Given, ...], sending: Sending) -> tuple[Vector, ...]:
        """Return a vector of unit length for each text, in their order; raise as the port says."""
        if not 0 < len(given) <= MAX_TEXTS:
            raise Malformed("too-large", f"{len(given)} texts where 1 to {MAX_TEXTS} are asked about at once")
        tlp = max((one.tlp for one in given), key=TLP_ORDER.index)
        question = Question(self.model, tuple(one.text for one in given))
        answer = await self._asked.ask(question, tlp, Answer, sending)
        return _checked(answer, len(given))


def _checked(answer: Answer, count: int) -> tuple[Vector, ...]:
    """Return the vectors in the order of the texts: one for each, and all of one length."""
    placed = {one.index: one.embedding for one in answer.data}
    if sorted(placed) != list(range(count)) or len(answer.data) != count:
        raise odd(f"{len(answer.data)} vectors for {count} texts")
    if len({len(vector) for vector in placed.values()}) != 1:
        raise odd("vectors of several lengths")
    return tuple(unit(placed[n]) for n in range(count))
