from pathlib import Path

import pytest
from commandline import Shell, member_folder

from quartet.node.folder import MemberFolder


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(capsys, monkeypatch)


@pytest.fixture
def folder(tmp_path: Path) -> MemberFolder:
    return member_folder(tmp_path / "trial" / "north")
