"""What is so and what is practised have a share each of whatever has an end."""

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from quartet.node.inforce import shared

found = st.lists(st.booleans(), max_size=60)


@given(found, st.integers(1, 8))
def test_each_world_has_its_newest_whatever_there_is_of_the_other_and_no_more_is_looked_at(
    drills: list[bool], most: int
) -> None:
    asked: list[int] = []

    def one_by_one() -> Iterator[int]:
        for n in range(len(drills)):
            asked.append(n)
            yield n

    kept = list(shared(one_by_one(), drills.__getitem__, most))

    for world in (False, True):
        assert [n for n in kept if drills[n] is world] == [n for n, drill in enumerate(drills) if drill is world][:most]
    assert kept == sorted(kept)
    if drills.count(True) >= most <= drills.count(False):
        assert asked[-1] == kept[-1]
