"""Ways for a hub to learn from cover: an early parcel, a rate that follows what waits, another size, another kind."""

from typing import Final

from .mutant import Mutant, mutants

WORLDS: Final = "tests/node/test_cover_two_worlds.py"
SLOTS: Final = "tests/node/test_cover.py"
LAWS: Final = "tests/node/test_cover_laws.py"

COVER: Final[tuple[Mutant, ...]] = (
    *mutants(
        "node/covering.py",
        WORLDS,
        (
            "what says something leaves before its slot",
            "            await self._until(moment)\n",
            "            if not any(one.cargo.rows for one in going):\n                await self._until(moment)\n",
        ),
        (
            "more goes where more waits",
            "        self._count = self._pace.parcels(slot, up=up, there=there)\n",
            "        self._count = self._pace.parcels(slot, up=up, there=there)\n"
            "        self._count += self._parts.store.reader.due_count(member) > 40\n",
        ),
    ),
    *mutants(
        "node/covering.py",
        SLOTS,
        (
            "where nothing is ready nothing goes",
            "*self._fill(self._count - len(going), key)]",
            "*self._fill(0, key)]",
        ),
        (
            "a filler is smaller",
            "        plain = [filler(self._peer.cover)] * count\n",
            "        plain = [filler(1024)] * count\n",
        ),
        (
            "a parcel waits for its slot unasked",
            "self._gone += [one.seq for one in going if not self._still(one)]",
            "self._gone += []",
        ),
    ),
    *mutants(
        "node/pump.py",
        SLOTS,
        (
            "what goes in pieces is not asked for again",
            "        if gone := peer.larges.drop(lambda cargo: active and self._rows.gives(cargo, now)):\n",
            "        if gone := peer.larges.drop(lambda cargo: True):\n",
        ),
    ),
    *mutants(
        "node/load.py",
        LAWS,
        ("more goes into a parcel than fits", "        if size + left <= self.room:\n", "        if True:\n"),
    ),
    *mutants(
        "node/large.py",
        LAWS,
        (
            "pieces that are lost do not go again",
            "                self._going[name].waits.insert(0, (at, end))\n",
            "                pass\n",
        ),
        (
            "a thing counts as come with its first piece",
            "            if large.missing <= 0:\n",
            "            if True:\n",
        ),
    ),
    *mutants(
        "node/pace.py",
        f"{LAWS} {SLOTS}",
        ("an outage is not made up for", "        extra = min(self._owed, FASTER - 1)\n", "        extra = 0\n"),
        ("an outage is made up for without end", "        self._owed -= extra\n", ""),
        (
            "a slot that was missed is forgotten",
            "self._owe(missed + (not (up and there)))",
            "self._owe(not (up and there))",
        ),
    ),
    *mutants(
        "node/frames.py",
        SLOTS,
        (
            "frames go by themselves",
            "        if self._registry.cover is not None:\n            self._newest = made, feeds\n            return\n",
            "",
        ),
    ),
    *mutants(
        "node/contacts.py",
        SLOTS,
        (
            "who we are is said outside of slots",
            "            self._waits.add(member)\n            return\n",
            "            pass\n",
        ),
    ),
    *mutants(
        "core/articles.py",
        "tests/core/structures/test_golden.py",
        ("a charter may ask for any cover", "    if charter.cover not in {COVER_OFF, *COVERS}:\n", "    if False:\n"),
    ),
    *mutants(
        "core/piece.py",
        LAWS,
        (
            "pieces of a lost parcel count",
            "        return self.here == [(0, len(self.raw))]\n",
            "        return True\n",
        ),
    ),
)
