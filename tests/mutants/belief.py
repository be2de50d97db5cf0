"""Ways to believe too much: verification, keys, the bytes that are signed."""

from typing import Final

from .mutant import Mutant, mutants

BELIEVING: Final = "tests/core/release/test_believing.py"
SPELLING: Final = "tests/core/test_body_spelling.py"
SPELLINGS: Final = "tests/core/test_spelling_laws.py"
GOLDEN: Final = "tests/core/structures/test_golden.py"

VERIFICATION: Final[tuple[Mutant, ...]] = mutants(
    "core/verify.py",
    BELIEVING,
    ("another exchange's statement is believed", "    if statement.exchange != keyring.exchange:\n", "    if False:\n"),
    ("a statement of a later epoch is believed", "    if statement.epoch > keyring.epoch:\n", "    if False:\n"),
    (
        "a revoked key is believed",
        "    key_for = keyring.any_item_key if on_record else keyring.item_key\n    _check",
        "    key_for = keyring.any_item_key\n    _check",
    ),
    (
        "a revoked key is not believed on record",
        "    key_for = keyring.any_item_key if on_record else keyring.item_key\n    _check",
        "    key_for = keyring.item_key\n    _check",
    ),
    ("anybody's key signs for a member", "    keyring.item_key(statement.member, key.id)\n", ""),
    (
        "what we sign is of any exchange",
        "    _check_place(statement, keyring)\n    keyring.item_key",
        "    keyring.item_key",
    ),
    (
        "what we sign needs no assertion",
        "    _check_assertion(signed, statement, item, keyring)\n    contained = _contained(statement, keyring, on_record=False)",
        "    contained = _contained(statement, keyring, on_record=False)",
    ),
    ("a control of ours is issued when time began", "serial, statement.at // tick)", "serial, 0)"),
    ("signatures are not checked", "    _check_signatures(signed, raw, statement, keyring, key_for)\n", ""),
    (
        "assertions are not checked",
        "    _check_assertion(signed, statement, item, keyring)\n    contained = _contained(statement, keyring, on_record)",
        "    contained = _contained(statement, keyring, on_record)",
    ),
    (
        "contained controls are believed by a revoked key",
        "statement.epoch, on_record=on_record) for c in",
        "statement.epoch, on_record=True) for c in",
    ),
    ("a control is contained twice", "    if len({c.id for c in contained}) != len(contained):\n", "    if False:\n"),
    ("a control of another exchange is believed", "    if control.exchange != keyring.exchange:\n", "    if False:\n"),
    ("a control of a later epoch is believed", "    if control.epoch > epoch:\n", "    if False:\n"),
    ("a control's signature is not checked", '    key.verify("control", raw, unb64(sealed.sig))\n', ""),
    (
        "a control's revoked key is believed",
        "    key_for = keyring.any_item_key if on_record else keyring.item_key\n    key = key_for(control",
        "    key_for = keyring.any_item_key\n    key = key_for(control",
    ),
    ("a required signature may be missing", "    if not keyring.required <= algorithms:\n", "    if False:\n"),
    (
        "an unknown algorithm is passed over",
        '            raise Untrusted("unknown-algorithm", signature.alg)\n',
        "            continue\n",
    ),
    (
        "only the first signature is checked",
        "    for signature in signed.signatures:\n        if",
        "    for signature in signed.signatures[:1]:\n        if",
    ),
    ("a signature is looked up and not checked", '.verify("statement", raw, unb64(signature.sig))\n', "\n"),
    ("what needs an assertion goes without", "        if statement.kind in ASSERTED_KINDS:\n", "        if False:\n"),
    (
        "one half of a passkey's assertion passes for an officer key's",
        "    if assertion.authenticator_data is None and assertion.client_data is None:\n",
        "    if assertion.authenticator_data is None or assertion.client_data is None:\n",
    ),
    (
        "an assertion's signature is not checked",
        '    key.verify("assertion", unb64(item, 32), unb64(assertion.sig))\n',
        "",
    ),
    (
        "a fact may have a control",
        '        if data is not None:\n            raise Untrusted("control-of-a-fact"',
        '        if False:\n            raise Untrusted("control-of-a-fact"',
    ),
    ("a control need not be bound to its item", "    check_bound(own.control, statement, item)\n", ""),
    (
        "the own control's revoked key is believed",
        "keyring, statement.epoch, on_record=on_record)\n    check_bound",
        "keyring, statement.epoch, on_record=True)\n    check_bound",
    ),
    (
        "what was stored loses its contained controls",
        "    contained = tuple(_stored_control(c) for c in statement.contains)\n",
        "    contained = ()\n",
    ),
)

CONTROLS: Final[tuple[Mutant, ...]] = mutants(
    "core/control.py",
    BELIEVING,
    ("a control of another author passes", "    if control.controller != statement.member:\n", "    if False:\n"),
    (
        "a control of another epoch passes",
        "    if (control.exchange, control.epoch) != (statement.exchange, statement.epoch):\n",
        "    if False:\n",
    ),
    (
        "a control of another marking passes",
        "    if control.marking != hide_persons(statement.marking, control.serial):\n",
        "    if False:\n",
    ),
    (
        "a control of another item passes",
        "    if not bound_to(control, item, statement.nonce):\n",
        "    if False:\n",
    ),
    (
        "persons stand in the open",
        "    return structs.replace(marking, persons=tuple(sorted(_hashed(p, serial) for p in marking.persons)))",
        "    return marking",
    ),
)

KEYS: Final[tuple[Mutant, ...]] = (
    *mutants(
        "core/keyring.py",
        BELIEVING,
        ("a revoked key is valid", "        if entry.revoked_from is not None:\n", "        if False:\n"),
        (
            "an unknown officer is anybody",
            "        return self._officers.get(MemberId(member), {}).get(OfficerName(name))",
            "        return next(iter(self._officers.get(MemberId(member), {}).values()), None)",
        ),
    ),
    *mutants(
        "core/keys.py",
        BELIEVING,
        (
            "no signature is false",
            "            crypto_sign_open(signature + message, self.raw)\n",
            "            pass\n",
        ),
        (
            "a signature is good under every tag",
            "        self.verify_raw(preauth(tag, payload), signature)",
            '        self._any(payload, signature)\n\n    def _any(self, payload: bytes, signature: bytes) -> None:\n        for tag in ("statement", "control", "assertion"):\n            try:\n                return self.verify_raw(preauth(tag, payload), signature)  # type: ignore[arg-type]\n            except Untrusted:\n                continue\n        raise Untrusted("bad-signature")',
        ),
    ),
)

BYTES: Final[tuple[Mutant, ...]] = (
    *mutants(
        "core/statement.py",
        BELIEVING,
        (
            "a commitment forgets the signatures",
            '    return Commitment(digest64("quartet/commit/v1", unb64(item, 32), both))',
            '    return Commitment(digest64("quartet/commit/v1", unb64(item, 32)))',
        ),
        (
            "a commitment forgets the assertion",
            "    if kind in ASSERTED_KINDS and signed.assertion is not None:\n",
            "    if False:\n",
        ),
        (
            "a commitment covers an assertion that is not required",
            "    if kind in ASSERTED_KINDS and signed.assertion is not None:\n",
            "    if signed.assertion is not None:\n",
        ),
    ),
    *mutants(
        "core/encoding.py",
        f"{SPELLING} {SPELLINGS} {BELIEVING} {GOLDEN}",
        ("a body has many spellings", " or _ENCODER.encode(plain) != data:", ":"),
        ("a body is plain at a glance", "    return _ENCODER.encode(plain) == body", "    return True"),
        ("a body's values are not looked at", "        return False  # whole", "        pass  # whole"),
        ("a body one level deeper passes", "check_plain(plain, depth=2)", "check_plain(plain, depth=1)"),
        (
            "bodies are not looked at",
            "        and (not form.raw or all(_body_is_plain(bytes(getattr(value, name))) for name in form.raw))\n",
            "",
        ),
        ("a text need not be NFC", "(data.isascii() or is_nfc(data.decode()))", "True"),
        ("a value has many spellings", "        and _ENCODER.encode(value) == data\n", ""),
        ("any type is plain", "        form.plain\n        and ", "        "),
        ("base64 has bits too many", " and text[-1] not in _LAST[over]:", " == 1:"),
        ("base64 has a second alphabet", 'if "+" in text or "/" in text or "=" in', 'if "=" in'),
        ("base64 may be padded", ' or "=" in text or ', " or "),
        ("base64 may be escaped", ' or "\\\\" in text:', ":"),
        ("hashed parts run into one another", '        out.append(len(raw).to_bytes(8, "big"))\n', ""),
    ),
    *mutants(
        "core/plain.py",
        f"{SPELLING} {SPELLINGS}",
        ("floats pass", '        raise Malformed("float", repr(value))\n', "        return\n"),
        ("a large integer passes", "        if not -MAX_INTEGER <= value <= MAX_INTEGER:\n", "        if False:\n"),
        ("an odd key passes", "            if not _KEY.fullmatch(key):\n", "            if False:\n"),
        (
            "any depth passes",
            '        raise Malformed("too-deep", f"more than {MAX_DEPTH} levels")\n',
            "        return\n",
        ),
        ("no text is NFC", "    return text.isascii() or ", "    return True or "),
        (
            "a wide integer is plain",
            "            return low >= -MAX_INTEGER and high <= MAX_INTEGER\n",
            "            return True\n",
        ),
        ("what is not known is plain", "    return False\n\n\ndef _named", "    return True\n\n\ndef _named"),
        ("any key is plain", " and all(_KEY.fullmatch(f.encode_name) for f in kind.fields)", ""),
        ("a tag is plain", " and kind.tag is None and", " and"),
        (
            "a type that holds itself is plain",
            "    if depth > MAX_DEPTH:\n        return False\n",
            "    if depth > MAX_DEPTH:\n        return True\n",
        ),
    ),
)

PASSKEYS: Final[tuple[Mutant, ...]] = (
    *mutants(
        "core/verify.py",
        GOLDEN,
        ("a passkey's assertion is not checked", ".verify(item, assertion)\n", "\n"),
    ),
    *mutants(
        "core/passkey.py",
        GOLDEN,
        ("a passkey counts at any relying party", "        if data[:32] != hashlib", "        if False and hashlib"),
        ("nobody need be there", "        if not flags & PRESENT or not", "        if not"),
        ("nobody need be asked who she is", "PRESENT or not flags & VERIFIED:", "PRESENT:"),
        ("flags that nobody knows pass", "if flags & ~KNOWN_FLAGS or flags", "if flags"),
        ("a passkey is backed up and never can be", " or flags & BACKED_UP == _BACKED_UP_ALONE:", ":"),
        (
            "any length of authenticator data passes",
            "        if len(data) != AUTHENTICATOR_DATA_SIZE:\n",
            "        if False:\n",
        ),
        ("any challenge passes", "        if not rest.startswith(f'{item}\"'.encode()):\n", "        if False:\n"),
        ("any origin passes", "        if not rest.startswith(origin):\n", "        if False:\n"),
        ("another site's frame may ask", "        if not rest.startswith(inside) or", "        if"),
        ("a registration passes for an assertion", "        if not data.startswith(kind):\n", "        if False:\n"),
        ("a signature has two spellings", "        if s > ORDER // 2:\n", "        if False:\n"),
        ("a passkey's signature is not checked", "            self._public.verify(", "            bool("),
    ),
)

BELIEF: Final = (*VERIFICATION, *PASSKEYS, *CONTROLS, *KEYS, *BYTES)
