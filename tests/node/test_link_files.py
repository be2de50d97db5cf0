"""Files among the parcels of a stream: lost, doubled, late, cut off, and mixed with a hub. Pure."""

from dataclasses import dataclass, field
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from quartet.core.ids import SECOND, Micros
from quartet.node.carriage import files_of
from quartet.node.link import MAX_AHEAD, MAX_FILES, Cargo, Incoming, Outgoing

LATER = 3_600 * SECOND


@dataclass(frozen=True)
class Passing:
    """A parcel as it passes: its number, hash, the one before, what it declares void, what it holds."""

    seq: int
    hash: str
    previous: str | None
    voids: tuple[tuple[int, int], ...]
    holds: tuple[str, ...]


@dataclass
class Pair:
    """A sender and a receiver, and what is between them. What is confirmed is never sent again: it must have come."""

    out: Outgoing = field(default_factory=Outgoing)
    came: Incoming = field(default_factory=Incoming)
    said: set[str] = field(default_factory=set)
    due: set[str] = field(default_factory=set)
    got: list[str] = field(default_factory=list)
    confirmed: set[str] = field(default_factory=set)
    hub: list[Passing] = field(default_factory=list)
    files: list[list[Passing]] = field(default_factory=list)
    acks: list[tuple[int, str] | None] = field(default_factory=list)
    now: int = 0
    names: count = field(default_factory=count)  # type: ignore[type-arg]

    def say(self) -> None:
        self.due.add(f"said {next(self.names)}")
        self.said |= self.due

    def _make(self, holds: list[str], *, in_file: bool) -> Passing:
        seq, previous = self.out.seq + 1, self.out.last_hash
        made = Passing(seq, f"hash {next(self.names)}", previous, tuple(self.out.voids), tuple(holds))
        note = self.out.put if in_file else self.out.sent
        note(seq, made.hash, Micros(self.now), Cargo(paths=list(holds)))
        self.due.difference_update(holds)
        return made

    def _again(self, *, lost: bool) -> None:
        gone = self.out.end_file() + (self.out.put_aside() if lost else [])
        self.due.update(path for sent in gone for path in sent.cargo.paths)
        self.due -= self.confirmed

    def send(self) -> None:
        self._again(lost=False)
        self.hub.append(self._make(sorted(self.due), in_file=False))

    def write(self) -> None:
        self._again(lost=True)
        self.out.begin_file()
        holds = sorted(self.due)
        cuts = [holds[:2], holds[2:4], holds[4:]]
        self.files.append([self._make(cut, in_file=True) for cut in cuts])

    def late(self) -> None:
        self.now += LATER
        self._again(lost=False)
        for sent in self.out.lost(Micros(self.now), self.out.patience):
            self.due.update(sent.cargo.paths)
        self.due -= self.confirmed

    def restart(self) -> None:
        files = files_of(self.out)
        under_way = {path for sent in self.out.under_way() for path in sent.cargo.paths}
        self.out = Outgoing(self.out.seq + 5, self.out.acked)
        self.out.files.extend({sent.seq: sent for sent in file} for file in files)
        self.due |= under_way

    def take(self, parcel: Passing) -> None:
        trial = self.came.copy()
        if trial.admit(parcel.seq, parcel.hash, parcel.previous, list(parcel.voids)):
            self.came = trial
            self.got += parcel.holds
        self.acks.append(self.came.received)

    def hear(self, which: int) -> None:
        for sent in self.out.heard(self.acks[which % len(self.acks)], Micros(self.now)) if self.acks else ():
            self.confirmed.update(sent.cargo.paths)
        self.due -= self.confirmed


STEPS = st.sampled_from(
    ["say", "write", "bring", "part", "hear", "say", "write", "send", "deliver", "late", "restart", "lose"]
)


def step(pair: Pair, word: str, which: int) -> None:
    match word:
        case "deliver" if pair.hub:
            pair.take(pair.hub[which % len(pair.hub)])
        case "lose" if pair.hub:
            pair.hub.pop(which % len(pair.hub))
        case "bring" | "part" if pair.files:
            file = pair.files[which % len(pair.files)]
            for parcel in file if word == "bring" else file[: which % 3]:
                pair.take(parcel)
        case "hear":
            pair.hear(which)
        case "say" | "send" | "write" | "late" | "restart":
            getattr(pair, word)()


@settings(max_examples=400)
@given(st.lists(st.tuples(STEPS, st.integers(0, 50)), min_size=20, max_size=60))
def test_what_is_confirmed_came_and_the_last_file_brings_the_rest(steps: list[tuple[str, int]]) -> None:
    pair = Pair()
    for word, which in steps:
        step(pair, word, which)

        assert pair.confirmed <= set(pair.got)

    pair.write()
    for parcel in pair.files[-1]:
        pair.take(parcel)
    pair.hear(-1)
    assert pair.due == set()
    assert pair.said == pair.confirmed == set(pair.got)
    assert not pair.came.gap


def written(out: Outgoing, *seqs: int) -> None:
    out.begin_file()
    for seq in seqs:
        out.put(seq, f"hash {seq}", Micros(0), Cargo(paths=[f"path {seq}"]))


def confirmed(out: Outgoing, seq: int, now: int = 0) -> list[int]:
    return [sent.seq for sent in out.heard((seq, f"hash {seq}"), Micros(now))]


def test_no_patience_ends_a_file_and_what_it_holds_is_under_way_until_something_else_is_sent() -> None:
    out = Outgoing()
    written(out, 1, 2)

    assert out.lost(Micros(100 * LATER), out.patience) == []
    assert [sent.seq for sent in out.under_way()] == [1, 2]
    assert out.voids == []
    assert not out.full

    assert [sent.seq for sent in out.end_file()] == [1, 2]
    assert out.end_file() == []
    assert out.under_way() == []
    assert out.voids == [(1, 2)]


def test_a_file_that_came_late_is_confirmed_with_what_lies_before_in_it_and_no_other_file() -> None:
    out = Outgoing()
    written(out, 1, 2)
    out.end_file()
    written(out, 3, 4, 5)
    out.end_file()

    assert confirmed(out, 4) == [3, 4], "1 and 2 are void for who took 4: they may never have come"
    assert confirmed(out, 5) == [5]
    assert confirmed(out, 5) == []


def test_days_on_the_way_say_nothing_of_how_slow_a_peer_is() -> None:
    out = Outgoing()
    out.begin_file()
    out.put(1, "hash 1", Micros(0), Cargo(rows=["row"]))
    patience = out.patience

    assert confirmed(out, 1, 100 * LATER) == [1]
    assert out.patience == patience


def test_a_file_that_confirms_what_was_given_up_says_nothing_of_how_slow_a_peer_is() -> None:
    away, link = Outgoing(), Outgoing()
    for out in (away, link):
        out.sent(1, "hash 1", Micros(0), Cargo(rows=["row"]))
        assert out.lost(Micros(out.patience + 1), out.patience)
    patience = away.patience

    away.heard((1, "hash 1"), Micros(10 * SECOND), live=False)
    link.heard((1, "hash 1"), Micros(LATER), away=True)
    away.heard((1, "hash 1"), Micros(10 * SECOND))

    assert (away.patience, link.patience) == (patience, patience), "an hour is absence, over a link too"


def test_what_a_file_puts_aside_is_not_given_up() -> None:
    out = Outgoing()
    out.sent(1, "hash 1", Micros(0), Cargo(rows=["row"]))
    patience = out.patience

    assert [sent.seq for sent in out.put_aside()] == [1]
    assert out.voids == [(1, 1)]
    out.heard((1, "hash 1"), Micros(10 * SECOND))

    assert out.patience == patience


def test_a_file_of_which_the_first_parcel_is_damaged_brings_all_others_and_the_next_ends_the_gap() -> None:
    last = 6 * MAX_AHEAD
    for live in (False, True):
        came = Incoming()
        for seq in range(2, last + 1):
            assert came.admit(seq, f"hash {seq}", f"hash {seq - 1}", [], live=False)
        assert came.gap

        assert came.admit(last + 1, "newer", f"hash {last}", [(1, last)], live=live)
        assert (came.gap, came.received) == (False, (last + 1, "newer"))


def test_of_many_files_the_newest_are_remembered() -> None:
    out = Outgoing()
    for seq in range(1, MAX_FILES + 3):
        written(out, seq)
        out.end_file()

    assert len(out.files) == MAX_FILES
    assert confirmed(out, 2) == []
    assert confirmed(out, MAX_FILES + 2) == [MAX_FILES + 2]
