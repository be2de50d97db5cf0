"""What `notify send` says of a notification that went, where the node answers nothing more after that."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from commandline import Shell

from quartet.cli import notify
from quartet.cli.client import Client
from quartet.cli.identity import identify
from quartet.cli.outcome import Refusal
from quartet.core.faults import Unavailable
from quartet.core.ids import ItemId
from quartet.node.folder import MemberFolder
from quartet.node.views import Published

SENT = ("--parties", "east", "--what", "Field hospital", "--area", "Old school", "--circle", "47.0,8.5,200")
WHEN = ("--begins", "49h", "--ends", "30d", "--contact", "04 56", "--tlp", "AMBER+STRICT")


@pytest.mark.parametrize(
    "fault",
    [
        Unavailable("no-answer", "north runs, but broke off"),
        Refusal("too-many", "wait"),
        Unavailable("cut-off", "gone"),
    ],
)
def test_a_notification_that_went_is_no_error_though_the_node_then_says_nothing(
    shell: Shell, folder: MemberFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    class Quiet(Client):
        def post(self, *_: Any, **__: Any) -> Any:
            return Published(id=ItemId("f"), ref="N-K7Q-4MX")

        def get(self, *_: Any, **__: Any) -> Any:
            raise fault

    opens: Callable[..., Client] = lambda *_: Quiet(folder, tmp_path / "s", identify(folder, None, None))  # noqa: E731
    monkeypatch.setattr(notify, "connect", opens)

    said = shell("notify", "send", *SENT, *WHEN)

    assert (said.code, said.error) == (0, "")
    assert said.out.startswith("N-K7Q-4MX: east and nobody else is told of 'Field hospital'\n")
    assert "it went; whether it is LATE" in said.out
