"""What the settings say of a model's help: which servers of this member's own are asked, and with what at most.

Without a table no port is there. A server is named by its whole address, and no other is ever called.
"""

from typing import Annotated, Literal

from msgspec import Meta

from quartet.core.encoding import Value

Text = Annotated[str, Meta(min_length=1, max_length=1024)]
ServerUrl = Annotated[
    str,
    Meta(
        pattern=r"^(https://[A-Za-z0-9.-]{1,253}|http://127\.0\.0\.1)(:[1-9][0-9]{0,4})?/[A-Za-z0-9._~/-]{0,256}(?!\n)$"
    ),
]
"""TLS, or this machine; without a name, a password, a question or a fragment."""
LANGUAGE_PATTERN = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?(?!\n)$"
LanguageTag = Annotated[str, Meta(pattern=LANGUAGE_PATTERN)]
Bound = Literal["CLEAR", "GREEN", "AMBER", "AMBER+STRICT"]
"""What may go at most; what is RED is for the persons named, and no server is one."""


class Server(Value, frozen=True, kw_only=True):
    """A server of this member's own: what may go there at most, and the officers here who answer for what reads it."""

    url: ServerUrl
    tlp: Bound = "CLEAR"
    principals: Annotated[tuple[Text, ...], Meta(max_length=32)] = ()
    purpose: Text | None = None
    token_file: Text | None = None
    ca_file: Text | None = None
    answer_s: Annotated[int, Meta(ge=1, le=600)] = 60

    def __post_init__(self) -> None:
        """Raise `ValueError` for a bound above CLEAR for which nobody answers: nothing above CLEAR would ever pass."""
        if self.tlp != "CLEAR" and not self.principals:
            raise ValueError(f"{self.url}: tlp {self.tlp} needs principals, officers who answer for what reads there")


class TranslatorServer(Server, frozen=True, kw_only=True):
    """A server that speaks LibreTranslate's `/translate`; `language` is what is translated into if nobody says."""

    language: LanguageTag
    model: Text = "LibreTranslate"


class ModelServer(Server, frozen=True, kw_only=True):
    """A server that speaks OpenAI's API, of llama.cpp, vLLM or Ollama; `model` is its name there."""

    model: Text


class Assist(Value, frozen=True):
    """Which ports are on."""

    extractor: ModelServer | None = None
    translator: TranslatorServer | None = None
    embedder: ModelServer | None = None
