"""What this member's officers said that names mean: kept at its node, under the store's key, and sent to nobody.

A name means one other. Nothing is concluded: a name that means another is none that others mean. The last word holds.
"""

import asyncio
from collections.abc import Iterable
from typing import Final

import msgspec

from quartet.core.encoding import b64, unb64
from quartet.core.faults import Malformed
from quartet.core.fold import fold
from quartet.core.release import Viewer
from quartet.intake.names import Alias, Aliases, Proposal, propose
from quartet.intake.names.led import led
from quartet.intake.pages.controls import controls
from quartet.node.aliasviews import MAX_NAME, AliasPage, AliasView, Likely, Meant
from quartet.node.parts import Parts
from quartet.node.views import moment

MAX_ALIASES: Final = 2_000
MAX_LIKE: Final = 5
_KEPT: Final = "aliases"
_JOINERS: Final = str.maketrans("", "", "\u200c\u200d")


class AliasBook:
    """Keeps what names mean, for all officers of the member."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._known: dict[str, AliasView] | None = None
        self._turn = asyncio.Lock()

    def means(self, name: str) -> str | None:
        """Return the member's own name for a name, or None where nobody said that it means another."""
        found = self._book().get(led(name))
        return None if found is None else found.means

    def spellings(self, name: str) -> tuple[str, ...]:
        """Return a name, what it means, and every other name of which somebody said that it means the same."""
        means = self.means(name) or name
        same = (one.name for one in self._book().values() if led(one.means) == led(means))
        return tuple(dict.fromkeys((name, means, *same)))

    def said(self) -> Aliases:
        """Return what was said of names, as likenesses are asked with it."""
        return _said(self._book().values())

    def every(self, like: str | None = None) -> AliasPage:
        """Return what names mean; and which of the names that they mean one may be, the likeliest first."""
        known = tuple(sorted(self._book().values(), key=lambda one: (one.name, one.means)))
        if like is None:
            return AliasPage(aliases=known)
        said = self._book().get(led(like))
        asked = like if said is None else said.name  # as it was said: an article more or less is no other name
        found = propose(asked, {one.means for one in known}, MAX_LIKE, _said(known))
        return AliasPage(aliases=known, likely=tuple(map(_likely, found)))

    async def say(self, viewer: Viewer, meant: Meant) -> AliasPage:
        """Keep or take back what a name means, and return all; raise `Malformed` for what means nothing."""
        async with self._turn:
            known = dict(self._book())
            name = led(meant.name)
            if meant.means is None:
                if known.pop(name, None) is None:
                    raise Malformed("no-such-alias", f"nobody said what {meant.name!r} means")
            else:
                _check(meant.name, meant.means, known)
                at = moment(self._parts.clock.now())
                known[name] = AliasView(meant.name.strip(), meant.means.strip(), viewer.name, at)
            await self._keep(known)
        return self.every()

    def _book(self) -> dict[str, AliasView]:
        if self._known is None:
            found = self._parts.store.reader.meta(_KEPT)
            data = b"[]" if found is None else self._parts.store.box.unwrap(unb64(found), _KEPT)
            self._known = {led(one.name): one for one in msgspec.json.decode(data, type=tuple[AliasView, ...])}
        return self._known

    async def _keep(self, known: dict[str, AliasView]) -> None:
        data = msgspec.json.encode(tuple(known.values()))
        wrapped = b64(self._parts.store.box.wrap(data, _KEPT))
        await self._parts.store.write(lambda tx: tx.set_meta(_KEPT, wrapped))
        self._known = known


def _check(name: str, means: str, known: dict[str, AliasView]) -> None:
    """Raise `Malformed` for two names that are one or none, for one in a chain, and for one too many."""
    mine, its = led(name), led(means)
    if not mine or not its or mine == its or _hides(name) or _hides(means):
        raise Malformed("bad-alias", f"an alias is of two different names of 1 to {MAX_NAME} letters")
    if its in known:
        raise Malformed("alias-chain", f"{means!r} means {known[its].means!r}: say that")
    meant = next((one for one in known.values() if led(one.means) == mine), None)
    if meant is not None:
        raise Malformed("alias-chain", f"{meant.name!r} means {name!r}: take that back first")
    if mine not in known and len(known) >= MAX_ALIASES:
        raise Malformed("too-many-aliases", f"{MAX_ALIASES} aliases are kept")


def _hides(name: str) -> bool:
    """Return whether a sign of a name shows nothing, or moves what is shown; a joiner in a Persian word is spelling."""
    return bool(controls(name)) or not name.translate(_JOINERS).isprintable()


def _said(known: Iterable[AliasView]) -> Aliases:
    """Return what was said of names as likenesses are asked with it."""
    pairs = {tuple(sorted((fold(one.name), fold(one.means)))) for one in known}
    return Aliases(pairs=tuple(Alias(first, second, same=True) for first, second in sorted(pairs) if first != second))


def _likely(one: Proposal) -> Likely:
    return Likely(one.name, one.score, tuple(why.value for why in one.why))
