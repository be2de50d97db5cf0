"""Ways to prove too much: trees, ticks, paths, checkpoints, cosignatures, quorums, evidence, exported proofs."""

from typing import Final

from .mutant import Mutant, mutants

P: Final = "tests/core/proof/"
MERKLE: Final = f"{P}test_merkle.py"
LIMITS: Final = f"{P}test_limits.py"
TICK: Final = f"{P}test_tick.py"
PATH: Final = f"{P}test_path.py"
NOTE: Final = f"{P}test_note.py"
WITNESS: Final = f"{P}test_witness.py"
EXPORT: Final = f"{P}test_export.py"
GOLDEN: Final = "tests/core/structures/test_golden.py"

TREES: Final[tuple[Mutant, ...]] = (
    *mutants(
        "core/proof/merkle.py",
        f"{MERKLE} {LIMITS}",
        ("a leaf is hashed like a node", 'hashlib.sha256(b"\\x00" + data)', 'hashlib.sha256(b"\\x01" + data)'),
        ("a node is hashed without its tag", 'hashlib.sha256(b"\\x01" + left + right)', "hashlib.sha256(left + right)"),
        (
            "a node's children change places",
            'hashlib.sha256(b"\\x01" + left + right)',
            'hashlib.sha256(b"\\x01" + right + left)',
        ),
        (
            "a leaf beyond the end is proven",
            '    if not 0 <= index < size:\n        raise Untrusted("bad-path", f"leaf {index} of {size}")\n',
            "",
        ),
        (
            "a path may be too long",
            '        if last == 0 or len(sibling) != HASH_SIZE:\n            raise Untrusted("bad-path", "too long")\n',
            "",
        ),
        ("a path may be too short", '    if last:\n        raise Untrusted("bad-path", "too short")\n', ""),
        (
            "a sibling stands always to the right",
            "        if node & 1 or node == last:\n            at = node_hash(sibling, at)\n",
            "        if False:\n            at = node_hash(sibling, at)\n",
        ),
        (
            "a ragged edge is climbed like a whole one",
            "        if node & 1 or node == last:\n            at = ",
            "        if node & 1:\n            at = ",
        ),
        ("one size has two roots", "        if path or old_root != root:\n", "        if path:\n"),
        (
            "an empty proof of growth passes",
            '    if not proof:\n        raise Untrusted("not-consistent", "empty proof")\n',
            "    if not proof:\n        return\n",
        ),
        ("growth is not checked", "    if _both_roots(old, size, proof) != (old_root, root):\n", "    if False:\n"),
        (
            "the old root is not checked",
            "    if _both_roots(old, size, proof) != (old_root, root):\n",
            "    if _both_roots(old, size, proof)[1] != root:\n",
        ),
        (
            "the new root is not checked",
            "    if _both_roots(old, size, proof) != (old_root, root):\n",
            "    if _both_roots(old, size, proof)[0] != old_root:\n",
        ),
        (
            "a proof of growth may be too short",
            '    if last:\n        raise Untrusted("not-consistent", "too short")\n',
            "",
        ),
        (
            "peaks that do not fit are taken",
            "    if size < 0 or len(peaks) != size.bit_count() or any(len(p) != HASH_SIZE for p in peaks):\n",
            "    if False:\n",
        ),
    ),
    *mutants(
        "core/proof/tick.py",
        f"{TICK} {LIMITS}",
        (
            "a taken slot is taken again",
            "                if slot not in taken:\n                    break\n",
            "                break\n",
        ),
        (
            "a commitment lies twice in a tick",
            '                raise Malformed("commitment-twice", f"tick {self._tick}")\n',
            "                continue\n",
        ),
        ("a tick has no end", "        if len(commitments) > MAX_COMMITMENTS:\n", "        if False:\n"),
        (
            "fills are the same in every tick",
            "self._secret, self._tick, height)",
            "self._secret, 0, height)",
        ),
        (
            "fills are the same at every height",
            "self._secret, self._tick, height)",
            "self._secret, self._tick, 0)",
        ),
        (
            "fills are the same everywhere",
            "            level[index] = digest_after(begun, index)",
            "            level[index] = digest_after(begun, 0)",
        ),
        (
            "fills need no secret",
            'beginning("quartet/tick-fill/v1", self._secret,',
            'beginning("quartet/tick-fill/v1", b"",',
        ),
        (
            "slots need no secret",
            'beginning("quartet/tick-slot/v1", self._secret,',
            'beginning("quartet/tick-slot/v1", b"",',
        ),
        ("what is not empty is filled", "[i ^ 1 for i in level if i ^ 1 not in level]", "[i ^ 1 for i in level]"),
        (
            "any slot and any length of path pass",
            "    if (\n        not 0 <= slot < 1 << DEPTH\n",
            "    if False and (\n        not 0 <= slot < 1 << DEPTH\n",
        ),
        (
            "the slot does not say which way",
            "if (slot >> height) & 1 else node_hash(at, sibling)",
            "if height & 1 else node_hash(at, sibling)",
        ),
    ),
    *mutants(
        "core/proof/path.py",
        f"{PATH} {LIMITS}",
        ("a path leads to any root", "    if reached != root:\n", "    if False:\n"),
        ("a path has many spellings", "    if _ENCODER.encode(fields) != data:\n", "    if False:\n"),
        ("a path is to another size", "    if path.size != size:\n", "    if False:\n"),
        ("a path says any tick", "    if path.tick != first_tick + path.leaf_index:\n", "    if False:\n"),
        (
            "a path to any size is led on",
            "    if path.size != path.leaf_index + 1 or len(levels) != len(path.tick_path):\n",
            "    if len(levels) != len(path.tick_path):\n",
        ),
        (
            "a leaf may lie beyond the end",
            "    if not 0 <= leaf_index < size < 2**53 or",
            "    if not 0 <= size < 2**53 or",
        ),
    ),
)

LOGS: Final[tuple[Mutant, ...]] = (
    *mutants(
        "core/proof/checkpoint.py",
        NOTE,
        ("a checkpoint need not say its first tick", "    if len(more) != 1 or ", "    if len(more) > 1 or more and "),
        ("a checkpoint says more than its first tick", "    if len(more) != 1 or ", "    if not more or "),
        ("a checkpoint of another log passes", "    if checkpoint.origin != origin:\n", "    if False:\n"),
        ("a checkpoint's signature is not checked", "            key.verify_raw(parsed.text.encode(), line.sig)\n", ""),
        (
            "an unsigned checkpoint passes",
            '    raise Untrusted("signature-missing", f"checkpoint {checkpoint.size} is not signed by its log")',
            "    return checkpoint",
        ),
        (
            "a size has many spellings",
            "    if not _is_number(size):\n",
            "    if int(size) > MAX_SIZE:\n",
        ),
        (
            "a witness cosigns under another's name",
            "    if line.name != witness or line.hint != key_hint(witness, ALG_COSIGNATURE, key.raw):\n",
            "    if False:\n",
        ),
        ("a cosignature is not checked", "    key.verify_raw(_cosigned(checkpoint.text, time_s), line.sig[8:])\n", ""),
        (
            "a cosignature does not cover its date",
            '    return f"cosignature/v1\\ntime {time_s}\\n{text}".encode()',
            '    return f"cosignature/v1\\ntime 1\\n{text}".encode()',
        ),
        (
            "a slow cosignature is not checked",
            "        MLDSA44PublicKey.from_public_bytes(public).verify(line.sig[8:], _slow_message(checkpoint, witness, time_s))\n",
            "        pass\n",
        ),
        ("a slow cosignature does not cover the size", '            checkpoint.size.to_bytes(8, "big"),\n', ""),
        ("a slow cosignature does not cover the root", "            checkpoint.root,\n        ]", "        ]"),
    ),
    *mutants(
        "core/proof/quorum.py",
        WITNESS,
        (
            "half of the witnesses is a quorum",
            "    return witnesses // 2 + 1 if witnesses else 0",
            "    return (witnesses + 1) // 2",
        ),
        ("all witnesses are a quorum", "    return witnesses // 2 + 1 if witnesses else 0", "    return witnesses"),
        (
            "no witness is a quorum",
            "    return dates[needed - 1] if needed and len(dates) >= needed else None",
            "    return dates[needed - 1] if dates and len(dates) >= needed else None",
        ),
        ("the first date counts", "    return dates[needed - 1] if", "    return dates[0] if"),
        ("the last date counts", "    return dates[needed - 1] if", "    return dates[-1] if"),
    ),
    *mutants(
        "core/proof/witness.py",
        WITNESS,
        (
            "a log may begin at another tick",
            "    if checkpoint is not None and state.first_tick not in (None, checkpoint.first_tick):\n",
            "    if False:\n",
        ),
        (
            "a fork is cosigned",
            "    if checkpoint is not None and grown.root() != checkpoint.root:\n",
            "    if False:\n",
        ),
        (
            "a shrunk log is cosigned",
            "        return Followed(_state(state, grown, fresh), None)\n",
            "        return Followed(_state(state, grown, fresh), checkpoint)\n",
        ),
        (
            "a log is cosigned beyond its leaves",
            "    if checkpoint is not None and checkpoint.size > state.size + len(fresh):\n        return Behind(_state(state, grown, fresh))\n",
            "",
        ),
        ("a gap before the leaves is not seen", "    if first > state.size:\n        return Behind(state)\n", ""),
        (
            "leaves seen before are counted again",
            "    fresh = list(leaves[state.size - first :])",
            "    fresh = list(leaves)",
        ),
    ),
    *mutants(
        "core/proof/evidence.py",
        WITNESS,
        ("two first ticks convict nobody", "    if before.first_tick != after.first_tick:\n", "    if False:\n"),
        ("one root convicts", "    if before.root == (after.root if shown is None else shown):\n", "    if False:\n"),
        ("growth convicts", "    if shown is not None:\n        path =", "    if False:\n        path ="),
        ("sizes that differ convict by their roots", "(shown is None) != (before.size == after.size)", "False"),
    ),
)

EXPORTED: Final[tuple[Mutant, ...]] = mutants(
    "core/proof/export.py",
    f"{EXPORT} {LIMITS}",
    (
        "the proof brings its own charter",
        "    if proof.charter.raw != decode_signed_bytes(charter).raw:\n",
        "    if False:\n",
    ),
    (
        "a member has two manifests",
        '            raise Untrusted("manifest-twice", manifest.member)\n',
        "            continue\n",
    ),
    ("the path is another statement's", "    if path.c != verified.c:\n", "    if False:\n"),
    (
        "the path is not followed",
        "    verify_path(path, checkpoint.size, checkpoint.root, checkpoint.first_tick)\n",
        "",
    ),
    ("the hourly checkpoint is of any log", "    if later.origin != checkpoint.origin:\n", "    if False:\n"),
    (
        "the path to the hourly checkpoint is not followed",
        "    verify_path(hourly_path(proof.path, proof.hourly), later.size, later.root, later.first_tick)\n",
        "",
    ),
    ("any line is an hourly one", "manifests, author, ML_DSA_44)", "manifests, author, ED25519)"),
    (
        "another member's log will do",
        "    if not origin.startswith(prefix) or not incarnation.isascii() or not incarnation.isdigit():\n",
        "    if False:\n",
    ),
    (
        "an author cosigns its own log",
        "        if manifest is None or witness == author:\n",
        "        if manifest is None:\n",
    ),
    ("a witness counts twice", "        if witness in dates:\n", "        if False:\n"),
    ("who is no member cosigns", "        if not state.membership.active(witness, at):\n", "        if False:\n"),
    ("no quorum is needed", "    if found is None:\n", "    if False:\n"),
    (
        "revocations are not looked at",
        "    _check_revocations(verified, log_key, manifests, record.time // state.membership.tick)\n",
        "",
    ),
    ("the log key's revocation is not looked at", " | {(author, log_key)}\n", "\n"),
    ("a revoked key counts one tick longer", "and tick >= revocation.from_tick:", "and tick > revocation.from_tick:"),
)

TOLD: Final[tuple[Mutant, ...]] = (
    *mutants(
        "core/proof/since.py",
        GOLDEN,
        (
            "the path is not followed",
            "        verify_path(ways[-1], checkpoint.size, checkpoint.root, checkpoint.first_tick)\n",
            "",
        ),
        (
            "checkpoints come in any order",
            "        if ways and checkpoint.size <= ways[-1].size:\n",
            "        if False:\n",
        ),
        ("a cosignature is not checked", "            _check_line(line, checkpoint, keys)\n", ""),
        ("a witness counts twice", "            if line.name in seen:\n", "            if False:\n"),
        ("a checkpoint needs no witness", " or not lines or lines !=", " or lines !="),
        ("lines come in any order", " or lines != sorted(lines, key=lambda x: x.name):", ":"),
        ("half a hash is a path", "    if len(raw) % HASH_SIZE:\n", "    if False:\n"),
    ),
    *mutants(
        "core/onrecord.py",
        GOLDEN,
        ("it is told of any item", "    if said.id != held.id:\n", "    if False:\n"),
        ("the receipt is for any item", "    if (receipt.id, receipt.c, receipt.author) != held:\n", "    if False:\n"),
        ("the receipt is for any copy", "(receipt.id, receipt.c, receipt.author) != held:", "receipt.id != held.id:"),
        ("who could not believe it receipts it", '    if receipt.state != "VERIFIED":\n', "    if False:\n"),
        ("an author receipts its own", "    if receipt.recipient == held.author:\n", "    if False:\n"),
        ("a revoked key receipts", "    if revoked is not None and path.tick >= revoked:\n", "    if False:\n"),
    ),
)

TAKEN_BACK: Final = mutants(
    "core/proof/logkeys.py",
    f"{P}test_log_keys.py",
    ("a thief convicts after root spoke", "    if last_tick(checkpoint) >= entry.revoked_from:\n", "    if False:\n"),
    (
        "a thief convicts by what no quorum saw",
        "    return since is not None and since // keys.tick < entry.revoked_from\n",
        "    return True\n",
    ),
    ("a quorum may see it too late", "since // keys.tick < entry.revoked_from", "since // keys.tick >= 0"),
    (
        "a key counts one tick longer",
        "if revoked is not None and tick >= revoked:",
        "if revoked is not None and tick > revoked:",
    ),
)

GOES_ON: Final = mutants(
    "core/proof/goingon.py",
    f"{P}test_going_on.py",
    (
        "it goes on while a quorum is silent",
        "    return away > 0 and away >= quorum(witnesses)\n",
        "    return False\n",
    ),
    ("who is silent sides with us", "quorum(witnesses) - (witnesses - len(held))", "quorum(witnesses)"),
    (
        "what goes on behind ours is left out",
        "    if at == len(other):\n",
        "    if at == min(len(other), len(chain)):\n",
    ),
    ("a quorum is one more", ">= needed\n\n\ndef common", "> needed\n\n\ndef common"),
    ("all that begins alike is one", "        if a != b:\n", "        if False:\n"),
    (
        "another's goes before ours",
        "(own, *sorted(told.values(), key=len, reverse=True))",
        "sorted([own, *told.values()], key=len, reverse=True)",
    ),
)

PROOFS: Final = (*TREES, *LOGS, *EXPORTED, *TOLD, *TAKEN_BACK, *GOES_ON)
