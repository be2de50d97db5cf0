"""Ways to count out a witness who counts, or to take from the record what is on it."""

from typing import Final

from .mutant import Mutant, mutants

ACTS: Final = "tests/core/structures/test_absences.py"
RECORD: Final = "tests/core/proof/test_absent_witnesses.py"
VECTORS: Final = "tests/conformance/test_absence_vectors.py"
KEYS: Final = "tests/core/proof/test_log_keys.py"

ABSENCES: Final[tuple[Mutant, ...]] = (
    *mutants(
        "core/absence.py",
        f"{ACTS} {VECTORS}",
        ("an absence begins a moment late", "if one.since <= since and", "if one.since < since and"),
        ("an absence lasts a moment longer", "and until < one.until and", "and until <= one.until and"),
        ("an absence covers what ended in it", "and until < one.until and", "and since < one.until and"),
        ("an absence covers what began before it", "if one.since <= since and", "if one.since <= until and"),
        ("who was suspended is absent still", " and not moved(member, one.since, until):", ":"),
        ("nobody may be left", "    return gone if len(gone) < len(there) else frozenset()\n", "    return gone\n"),
        ("an absence does not end before its time", "min(one.until, at)", "one.until"),
        (
            "an absence that goes on begins anew alone",
            "(*known.get(member, ()), Absence(since, until))",
            "(Absence(since, until),)",
        ),
    ),
    *mutants(
        "core/articles.py",
        f"{ACTS} {RECORD}",
        ("any act has an end", '    if (act.kind == "absent") != (until is not UNSET):\n', "    if False:\n"),
        ("an absence ends before it begins", "not at < until <= at", "not until <= at"),
        ("an absence lasts as long as it likes", "not at < until <= at + MAX_ABSENCE", "not at < until"),
    ),
    *mutants(
        "core/charter.py",
        f"{ACTS} {VECTORS}",
        (
            "two thirds declare one absent",
            '    everybody = active <= ALL_UP_TO or act.kind == "absent"\n',
            "    everybody = active <= ALL_UP_TO\n",
        ),
        ("the only witness is absent", 'act.kind in ("suspend", "absent"):', 'act.kind in ("suspend",):'),
        ("all are absent, one after the other", "        if away:\n", "        if False:\n"),
        (
            "who is not a member is absent",
            '        "absent": ("active",),\n',
            '        "absent": ("active", "suspended", "withdrawn", None),\n',
        ),
        (
            "who counts comes back",
            '("suspended", "active") if absent else ("suspended",)',
            '("suspended", "active")',
        ),
        (
            "who is suspended counts again and no more",
            '    if act.kind == "reinstate" and membership.active(subject, at):\n',
            '    if act.kind == "reinstate":\n',
        ),
    ),
    *mutants(
        "core/proof/quorum.py",
        f"{RECORD} {VECTORS}",
        ("the absent one's line counts", "if who not in gone and at <= time]", "if at <= time]"),
        ("a later line counts before its time", "if who not in gone and at <= time]", "if who not in gone]"),
        ("the absent are counted as witnesses", "        left = witnesses - len(gone)\n", "        left = witnesses\n"),
    ),
    *mutants(
        "core/proof/counting.py",
        f"{RECORD} {VECTORS}",
        (
            "who dates back brings back an absence",
            "    begin = max(min(dates.values(), default=ticked), ticked)\n",
            "    begin = min(dates.values(), default=ticked)\n",
        ),
        (
            "one line in the absence is enough",
            "membership.not_counted(there, begin, max(begin, at))",
            "membership.not_counted(there, begin, begin)",
        ),
        (
            "who was absent at the quorum was so before",
            "membership.not_counted(there, begin, max(begin, at))",
            "membership.not_counted(there, max(begin, at), max(begin, at))",
        ),
        (
            "a record is older than the absence that made it",
            "one.time if begin == ticked else max(begin, one.time)",
            "one.time",
        ),
        (
            "what was said before an absence waits for ever",
            "{ticked, *_begun(membership, there, ticked)}:",
            "{ticked}:",
        ),
    ),
    *mutants(
        "core/proof/logkeys.py",
        KEYS,
        (
            "an absence makes no quorum before a theft",
            "lambda at: absent(first, max(first, at))",
            "lambda _: ()",
        ),
    ),
)
