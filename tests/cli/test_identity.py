"""Who acts: one readable key is the default, several ask, none is told."""

from pathlib import Path

from commandline import Shell, add_officer

from quartet.core.keys import SecretKey
from quartet.node.folder import MemberFolder


def test_the_only_officer_acts_by_default_and_a_stopped_node_is_told_with_what_to_do(
    shell: Shell, folder: MemberFolder
) -> None:
    said = shell("inbox", "--dir", folder.root)

    assert (said.code, said.reason) == (3, "not-running")
    assert f"quartet up {folder.root.parent}" in said.error


def test_a_socket_that_nobody_serves_is_a_stopped_node(shell: Shell, folder: MemberFolder) -> None:
    (folder.root / "api.sock").touch()

    assert shell("inbox", "--dir", folder.root, "--json").reason == "not-running"


def test_of_several_officers_one_must_be_named(shell: Shell, folder: MemberFolder) -> None:
    add_officer(folder, "bob", SecretKey(bytes([8]) * 32))

    unnamed, named = shell("inbox", "--dir", folder.root), shell("inbox", "--dir", folder.root, "--as", "bob")

    assert (unnamed.code, unnamed.reason) == (2, "which-officer")
    assert "ann, bob" in unnamed.error
    assert named.reason == "not-running"


def test_an_officer_without_a_key_here_is_told(shell: Shell, folder: MemberFolder) -> None:
    said = shell("inbox", "--dir", folder.root, "--as", "eve")

    assert (said.code, said.reason) == (2, "no-such-officer")
    assert "ann" in said.error


def test_an_officers_name_never_leaves_the_folder(shell: Shell, folder: MemberFolder) -> None:
    assert shell("inbox", "--dir", folder.root, "--as", "../root").reason == "bad-name"


def test_a_wrong_passphrase_is_untrusted(shell: Shell, folder: MemberFolder, tmp_path: Path) -> None:
    wrong = tmp_path / "pass"
    wrong.touch(mode=0o600)
    wrong.write_text("another\n")

    said = shell("inbox", "--dir", folder.root, "--passphrase-file", wrong)

    assert (said.code, said.reason) == (4, "wrong-passphrase")


def test_a_key_that_others_may_read_is_not_used(shell: Shell, folder: MemberFolder) -> None:
    (folder.officers / "ann.key").chmod(0o644)

    said = shell("inbox", "--dir", folder.root)

    assert (said.code, said.reason) == (4, "key-file-open")


def test_a_key_without_its_passphrase_says_which_option(shell: Shell, folder: MemberFolder) -> None:
    (folder.officers / "ann.pass").unlink()

    said = shell("inbox", "--dir", folder.root)

    assert (said.code, said.reason) == (3, "no-passphrase")
    assert "--passphrase-file" in said.error


def test_the_folder_of_a_hub_is_told_from_a_members(shell: Shell, folder: MemberFolder) -> None:
    folder.settings.write_text('hub = "hub-1"\nwire = {port = 14223, admin_port = 14224}\n')

    said = shell("inbox", "--dir", folder.root)

    assert (said.code, said.reason) == (2, "not-a-member")
    assert "--dir" in said.error
