"""What to do about a source that is not believed: as the most frequent reason says for which it was refused."""

from typing import Final

ANOTHER_FORM: Final = "it speaks another format or edition: check both"
ADVICE: Final = {
    "time-apart": "its times are more than a minute from when it was heard:"
    " set the source's clock (UTC), or it is a recording of another day",
    "bad-time": "its times are no times of day: check format and edition, then the source's clock",
    "no-time": "it does not say when: have it, or its receiver, tell the time",
    "time-backwards": "its time runs backwards: sort the recording by time",
    "out-of-range": "its values cannot be: it speaks another edition, or has a fault",
    "jump": "its movers leap: the source has a fault, or two of them share one address",
    "bad-checksum": "what came is damaged on its way: look at the line",
    "bad-parity": "what came is damaged on its way: look at receiver, aerial and line",
}
"""By reason word; whatever is not in it says that bytes are not formed as the format has it."""


def mend(reason: str | None) -> str:
    """Return what to do where a source was refused mostly for this reason; None where nobody knows."""
    if reason is None:
        return "too much of what came was refused: look which reason is the most frequent"
    return f"mostly {reason}: {ADVICE.get(reason, ANOTHER_FORM)}"
