"""What goes in and out of sign-in, as JSON."""

from typing import Annotated, Any

from msgspec import Meta

from quartet.console.shapes import OfficerKey
from quartet.core.encoding import Value
from quartet.core.ids import MemberId, OfficerName
from quartet.node.views import Moment

Label = Annotated[str, Meta(min_length=1, max_length=64)]
Secret = Annotated[str, Meta(max_length=256)]
Code = Annotated[str, Meta(pattern=r"^[0-9]{6}\Z")]


class SessionView(Value, frozen=True):
    """Whose console this is, and who is signed in; `csrf` goes with whatever changes something.

    `purpose` is for what she reads, `purposes` are those that the charter has; `banner` is this site's notice.
    """

    member: MemberId
    exchange: str
    trial: bool
    officer: OfficerName | None = None
    roles: tuple[str, ...] = ()
    csrf: str | None = None
    unlocked_until: Moment | None = None
    fresh_until: Moment | None = None
    purpose: str | None = None
    purposes: tuple[str, ...] = ()
    banner: str = ""


class Purpose(Value, frozen=True):
    """For what an officer reads from now on: one of the charter's purposes, or none."""

    purpose: Annotated[str, Meta(max_length=128)] | None = None


class Keeping(Value, frozen=True):
    """The key under which an officer's page keeps her drafts at her browser: hers alone, always the same.

    `officer` is whose it is: another tab of the browser may have signed in somebody else.
    """

    officer: OfficerName
    key: str


class LinkWord(Value, frozen=True):
    """The word of a one-time link."""

    word: Annotated[str, Meta(max_length=128)]


class Password(Value, frozen=True):
    """A sign-in by password and code."""

    officer: Annotated[str, Meta(max_length=128)]
    password: Secret
    code: Code


class Credential(Value, frozen=True):
    """What a browser's passkey answered, as WebAuthn spells it in JSON."""

    credential: dict[str, Any]
    label: Label = "passkey"


class NewPassword(Value, frozen=True):
    """A password that an officer chose."""

    password: Secret


class CodeSecret(Value, frozen=True):
    """What an authenticator program needs, in letters and as an address."""

    secret: str
    url: str


class OneCode(Value, frozen=True):
    """A code of the moment."""

    code: Code


class NewKey(Value, frozen=True):
    """The public half of a browser's own key."""

    key: Annotated[str, Meta(min_length=43, max_length=43)]
    label: Label


class OfficerView(Value, frozen=True):
    """An officer as her own console knows her."""

    name: OfficerName
    roles: tuple[str, ...]
    password: bool
    keys: tuple[OfficerKey, ...]
