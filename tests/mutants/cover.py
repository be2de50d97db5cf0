"""Ways for a hub to learn from cover: an early parcel, a rate that follows what waits, another size, another kind."""

from typing import Final

from .mutant import Mutant, mutants

C: Final = "tests/node/test_cover"
WORLDS: Final = (
    f"{C}_two_worlds.py::test_what_the_others_say_to_each_other_changes_nothing_that_a_hub_sees_and_west_gets[burst]"
)
SLOTS: Final = f"{C}.py::test_each_pair_sends_one_parcel_of_one_size_in_each_tick_and_no_frame[narrow]"
RECALLED: Final = f"{C}.py::test_what_is_recalled_while_it_waits_for_its_slot_does_not_leave"
IN_PIECES: Final = f"{C}.py::test_what_goes_in_pieces_and_is_recalled_in_the_middle_never_comes_whole"
PICTURE: Final = f"{C}.py::test_live_positions_go_inside_parcels_and_the_newest_come[3]"
LAWS: Final = f"{C}_laws.py"

COVER: Final[tuple[Mutant, ...]] = (
    *mutants(
        "node/covering.py",
        WORLDS,
        (
            "what says something leaves before its slot",
            "            await self._until(moment)\n",
            "            if not any(one.cargo.rows for one in going):\n                await self._until(moment)\n",
        ),
    ),
    *mutants(
        "node/covering.py",
        SLOTS,
        (
            "more goes where more waits",
            "        self._count = self._pace.parcels(slot, up=up, there=there)\n",
            "        self._count = self._pace.parcels(slot, up=up, there=there)\n"
            "        self._count += self._parts.store.reader.due_count(member) > 0\n",
        ),
    ),
    *mutants(
        "node/covering.py",
        RECALLED,
        (
            "where nothing is ready nothing goes",
            "self._fill(self._count - len(going))",
            "self._fill(0)",
        ),
        (
            "a filler is smaller",
            "        plain = [filler(self._size)] * count\n",
            "        plain = [filler(1024)] * count\n",
        ),
    ),
    *mutants(
        "node/covering.py",
        RECALLED,
        (
            "a parcel waits for its slot unasked",
            "self._gone += [one.seq for one in going if not self._still(one)]",
            "self._gone += []",
        ),
    ),
    *mutants(
        "node/pump.py",
        IN_PIECES,
        (
            "what goes in pieces is not asked for again",
            "        if gone := peer.larges.drop(lambda cargo: (active or cargo.basic) and self._rows.gives(cargo, now)):\n",
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
        LAWS,
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
        PICTURE,
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
            "        return (self._starts, self._ends) == ([0], [len(self.raw)])\n",
            "        return True\n",
        ),
    ),
)
