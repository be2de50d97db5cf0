"""A translator that speaks LibreTranslate's `/translate`."""

from typing import Annotated

import msgspec
from msgspec import Meta

from quartet.core.encoding import Value
from quartet.gateways.assist.asking import Asked
from quartet.intake.ports import Given, Sending
from quartet.node.assist.settings import TranslatorServer


class Question(Value, frozen=True):
    """What is asked."""

    q: str
    target: str
    source: str = "auto"
    format: str = "text"


class Answer(msgspec.Struct, frozen=True):
    """What of an answer is read; it says more, as which language it found."""

    translated: Annotated[str, Meta(max_length=4 * 1024**2)] = msgspec.field(name="translatedText")


class LibreTranslator:
    """A translator of this member's own."""

    def __init__(self, asked: Asked, settings: TranslatorServer) -> None:
        self._asked = asked
        self.model = settings.model

    async def translate(self, given: Given, to: str, sending: Sending) -> str:
        """Return the text in a language; raise as the port says."""
        answer = await self._asked.ask(Question(q=given.text, target=to), given.tlp, Answer, sending)
        return answer.translated
