"""What a command asks of who recalls a site: whether all that goes with it may go."""

from pathlib import Path
from typing import Any

import pytest

from quartet.cli.client import Client
from quartet.cli.identity import identify
from quartet.cli.outcome import Refusal
from quartet.cli.siterecall import agree_to_lose
from quartet.node.desk.siteviews import SiteRecord
from quartet.node.folder import MemberFolder


class Calls(Client):
    """A node that says of a site that a call alone goes with it."""

    def get(self, *_: Any, **__: Any) -> Any:
        return SiteRecord(warnings=0, open=0, calls=1)


def test_where_notes_of_calls_alone_go_with_a_site_that_is_asked_for_too(folder: MemberFolder, tmp_path: Path) -> None:
    with (
        Calls(folder, tmp_path / "s", identify(folder, None, None)) as client,
        pytest.raises(Refusal, match="1 note of calls go with it") as refused,
    ):
        agree_to_lose(client, "N-K7Q-4MX", yes=False, json=True)

    assert refused.value.reason == "not-agreed"
