"""Ways to break the release rule: each clause of the page once."""

from typing import Final

from .mutant import Mutant, mutants

R: Final = "tests/core/release/"
LAWS: Final = f"{R}test_release_laws.py"
CONSENT: Final = f"{R}test_consent_laws.py"
RECALL: Final = f"{R}test_recall_laws.py"
MEMBERS: Final = f"{R}test_membership_laws.py"
VIEWING: Final = f"{R}test_viewing_laws.py"
COMBINE: Final = f"{R}test_combine_laws.py"
FACTS: Final = f"{R}test_facts_laws.py"
GATE: Final = f"{R}test_gate_laws.py"
TIMELY: Final = f"{R}test_timely_laws.py"
AHEAD: Final = f"{R}test_ahead_laws.py"
DOORS: Final = f"{R}test_door_laws.py"

RELEASE: Final[tuple[Mutant, ...]] = (
    *mutants(
        "core/release.py",
        f"{LAWS} {MEMBERS} {RECALL}",
        (
            "what has no control of its own is released",
            "        if self.item.own is None:\n            return Withheld(Reason.NO_CONTROL)\n",
            "",
        ),
        (
            "only the item's own control is asked",
            "        for c in self.clauses:\n            if c.control.controller != to:\n                answer",
            "        for c in self.clauses[:1]:\n            if c.control.controller != to:\n                answer",
        ),
        (
            "only the contained controls are asked",
            "        for c in self.clauses:\n            if c.control.controller != to:\n                answer",
            "        for c in self.clauses[1:]:\n            if c.control.controller != to:\n                answer",
        ),
        (
            "the item's author passes every control",
            "            if c.control.controller != to:\n                answer",
            "            if self.item.statement.member != to:\n                answer",
        ),
        (
            "a controller does not pass its own control",
            "            if c.control.controller != to:\n                answer",
            "            if True:\n                answer",
        ),
        (
            "who is no member now receives",
            "            if not membership.active(to, now):\n                return",
            "            if False:\n                return",
        ),
        (
            "the suspended receive",
            "            if not membership.active(to, now):\n                return",
            "            if membership.left(to, now):\n                return",
        ),
        (
            "membership is asked at the item's time",
            "            if not membership.active(to, now):\n                return",
            "            if not membership.active(to, self.item.statement.at):\n                return",
        ),
        (
            "what outsiders issued is released",
            "        if not membership.active(MemberId(c.control.controller), c.issued):",
            "        if False:",
        ),
        (
            "only the own control's issue is asked",
            "    for c in clauses:\n        if not membership.active(Mem",
            "    for c in clauses[:1]:\n        if not membership.active(Mem",
        ),
        (
            "an issuer is asked for its membership at last",
            "membership.active(MemberId(c.control.controller), c.issued)",
            "membership.active(MemberId(c.control.controller), FOREVER)",
        ),
        (
            "foreign controls count as one's own",
            "        return self._controllers == {to}",
            "        return to in self._controllers",
        ),
        ("one's own needs membership", "        if not self._its_own(to):", "        if True:"),
        ("a recall hides nothing", "        if self._recalled and", "        if False and"),
        ("evidence is withheld from its holders", " and not (held and evidence(self.item.controls)):", ":"),
        (
            "evidence goes to new readers",
            " and not (held and evidence(self.item.controls)):",
            " and not evidence(self.item.controls):",
        ),
        (
            "whoever holds keeps what was recalled",
            " and not (held and evidence(self.item.controls)):",
            " and not held:",
        ),
    ),
    *mutants(
        "core/release.py",
        MEMBERS,
        (
            "any statement travels as a fact",
            "    if fact.statement.kind not in FACT_KINDS or fact.own is not None:",
            "    if False:",
        ),
        (
            "facts go to who left",
            "    if membership.left(to, now):\n        return Withheld(Reason.NOT_A_MEMBER)\n",
            "",
        ),
        (
            "facts go to the suspended",
            "    if not membership.active(to, now) and fact.statement",
            "    if False and fact.statement",
        ),
        ("recalls do not reach the suspended", " and fact.statement.kind not in RECALL_KINDS:", ":"),
        ("cancellations do not reach the suspended", 'frozenset({"recall", "cancel-recall"})', 'frozenset({"recall"})'),
        ("facts go to everybody", "    if to not in sent_to:\n        return Withheld(Reason.NOT_SENT)\n", ""),
    ),
    *mutants(
        "core/release.py",
        VIEWING,
        (
            "who may not receive may view",
            "    if isinstance(decision, Withheld):\n        return decision\n    for c in decision.item.controls:",
            "    if isinstance(decision, Withheld):\n        return Released(item=decision, to=viewer.member)  # type: ignore[arg-type]\n    for c in decision.item.controls:",
        ),
        (
            "only the own control is asked who may view",
            "    for c in decision.item.controls:\n        refusal",
            "    for c in decision.item.controls[:1]:\n        refusal",
        ),
        ("RED is for every officer", "    if tlp != RED:", "    if True:"),
        (
            "RED that names nobody is for everybody",
            "    return terms.persons is not None and person in terms.persons",
            "    return terms.persons is None or person in terms.persons",
        ),
        (
            "a person of another member passes",
            "person_hash(c.control.serial, viewer.member, viewer.name)",
            "person_hash(c.control.serial, c.control.controller, viewer.name)",
        ),
        (
            "an empty list of persons is open",
            "        return terms.persons is None or bool(terms.persons)",
            "        return True",
        ),
        ("bodies under a member see all it sees", "    if viewer.body is not None and tlp > AMBER:", "    if False:"),
        (
            "bodies under a member do not see AMBER",
            "    if viewer.body is not None and tlp > AMBER:",
            "    if viewer.body is not None and tlp >= AMBER:",
        ),
        (
            "purposes bind nobody",
            "    if terms.purposes is not None and viewer.purpose not in terms.purposes:",
            "    if False:",
        ),
        (
            "no purpose is every purpose",
            "viewer.purpose not in terms.purposes:",
            "viewer.purpose and viewer.purpose not in terms.purposes:",
        ),
        ("caveats want no training", "    if not terms.caveats <= viewer.trained:", "    if False:"),
        (
            "one trained caveat is enough",
            "    if not terms.caveats <= viewer.trained:",
            "    if terms.caveats and not terms.caveats & viewer.trained:",
        ),
        (
            "what is for display is kept",
            "            if terms_at(c.control, facts.on(c.id), now).mode:\n",
            "            if False:\n",
        ),
        (
            "one mode RELEASE is enough to keep",
            "        for c in decision.item.controls:\n            if terms_at(c.control, facts.on(c.id), now).mode:",
            "        for c in decision.item.controls[:1]:\n            if terms_at(c.control, facts.on(c.id), now).mode:",
        ),
        (
            "a door needs nobody to answer for it",
            "    if not door.principals:\n        return Withheld(Reason.NO_PRINCIPAL)\n",
            "",
        ),
        ("NO_GATEWAY stops nothing", '        if "NO_GATEWAY" in', "        if None in"),
        (
            "NO_GATEWAY of a source stops nothing",
            '    for c in item.controls:\n        if "NO_GATEWAY"',
            '    for c in item.controls[:1]:\n        if "NO_GATEWAY"',
        ),
        (
            "a format that carries no marking passes all",
            "    if not door.carries_markings:\n        return Withheld(Reason.FORMAT)\n",
            "",
        ),
        (
            "one principal is enough",
            "    for principal in door.principals:",
            "    for principal in door.principals[:1]:",
        ),
        ("principals read for purposes of their own", "structs.replace(principal, purpose=door.purpose)", "principal"),
        (
            "what may be seen passes though it may not be kept",
            "        for answer in (seen, kept):",
            "        for answer in (seen,):",
        ),
        (
            "a door's own member need not have it",
            "    decision = release(item, door.member, facts, membership, now, held=held)\n    if isinstance(decision, Withheld):\n        return decision\n",
            "    decision = Released(item=item, to=door.member)\n",
        ),
        ("a door shows what only may be kept", "        for answer in (seen, kept):", "        for answer in (kept,):"),
        (
            "every door is the world's",
            "    if isinstance(decision, Withheld) and _the_worlds(item, facts, membership, now):",
            "    if isinstance(decision, Withheld):",
        ),
        (
            "one control of the world is enough for its door",
            "    return bool(terms) and all(",
            "    return bool(terms) and any(",
        ),
        (
            "the world's door lets expired and unknown words through",
            " and shut(t, membership, now) is None for t in terms)",
            " for t in terms)",
        ),
        (
            "the world's door keeps what is for display",
            "        decision = may_keep(item, door.member, facts, membership, now)\n",
            "        decision = release(item, door.member, facts, membership, now)\n",
        ),
        (
            "the world's door lets evidence through",
            "        decision = may_keep(item, door.member, facts, membership, now)\n",
            "        decision = may_keep(item, door.member, facts, membership, now, held=held)\n",
        ),
    ),
    *mutants(
        "core/release.py",
        DOORS,
        (
            "a door has no bound",
            "return Withheld(Reason.ABOVE_DOOR, above[0]) if above else decision",
            "return decision",
        ),
        (
            "only an item's own label is held against a door's bound",
            "for c in decision.item.controls]\n    above",
            "for c in decision.item.controls[:1]]\n    above",
        ),
        (
            "a text passes above a door's bound",
            "if place >= RED or place > TLP_ORDER.index(door.most):",
            "if place >= RED:",
        ),
        (
            "a text that is RED passes",
            "if place >= RED or place > TLP_ORDER.index(door.most):",
            "if place > TLP_ORDER.index(door.most):",
        ),
        (
            "a text above CLEAR passes where nobody answers",
            "if place > CLEAR and not door.principals:",
            "if False:",
        ),
    ),
    *mutants(
        "core/release.py",
        CONSENT,
        (
            "consent to what was recalled is possible",
            "    refusal = case.refused(to, held=False)\n    if refusal is not None:\n        return refusal\n",
            "",
        ),
        (
            "every controller is asked, needed or not",
            "        if c.control.controller != to and isinstance(admits(item, c, to, facts, membership, now), Reason):",
            "        if True:",
        ),
        (
            "only the author is asked for consent",
            "    for c in case.clauses:\n        if c.control.controller != to and isinstance",
            "    for c in case.clauses[:1]:\n        if c.control.controller != to and isinstance",
        ),
        (
            "consent to what expired or is unknown is possible",
            "    if c.shut is not None:\n        return c.shut\n    if c.terms.onward",
            "    if c.terms.onward",
        ),
        ("consent to NEVER is possible", "    if c.terms.onward >= NEVER:\n        return Reason.ONWARD_NEVER\n", ""),
        (
            "who left still consents",
            "    if not membership.left(controller, now):\n        return controller",
            "    if True:\n        return controller",
        ),
        ("the suspended still consent", " if membership.active(controller, now) else Reason.FROZEN", ""),
        (
            "a delegate that is no member consents",
            "    if named is None or not membership.active(named.body.delegate, now):",
            "    if named is None:",
        ),
    ),
)

ADMISSION: Final[tuple[Mutant, ...]] = (
    *mutants(
        "core/admission.py",
        f"{LAWS} {MEMBERS} {CONSENT}",
        (
            "nothing is shut",
            "    if c.shut is not None:\n        return c.shut\n",
            "",
        ),
        (
            "unknown words do not close",
            "    if not terms.known or not terms.purposes_named",
            "    if not terms.purposes_named",
        ),
        (
            "unknown purposes do not close",
            "    if not terms.known or not terms.purposes_named <= membership.purposes:",
            "    if not terms.known:",
        ),
        (
            "what a narrowing leaves of unknown purposes opens",
            "terms.purposes_named <= membership.purposes",
            "(terms.purposes or frozenset()) <= membership.purposes",
        ),
        (
            "no purpose at all is open",
            "    if terms.purposes is not None and not terms.purposes:\n        return Reason.PURPOSE\n",
            "",
        ),
        ("expiry closes nothing", "    return Reason.EXPIRED if now >= terms.expires else None", "    return None"),
        ("expiry closes one microsecond late", "now >= terms.expires", "now > terms.expires"),
        ("what the world may have members may not", "    if c.world:\n        return _NO_FACTS\n", ""),
        ("everybody is named", "    if to in terms.rel and membership.standing(", "    if membership.standing("),
        ("nobody is named", "    if to in terms.rel and membership.standing(", "    if False and membership.standing("),
        (
            "named is enough, standing or not",
            "    if to in terms.rel and membership.standing(to, c.issued, now):",
            "    if to in terms.rel:",
        ),
        ("standing is asked from now only", "standing(to, c.issued, now)", "standing(to, now, now)"),
        (
            "a control is issued at the end of its tick",
            "    stated = Micros(c.control.issued * membership.tick)",
            "    stated = Micros((c.control.issued + 1) * membership.tick - 1)",
        ),
        (
            "a control is issued when time began",
            "    stated = Micros(c.control.issued * membership.tick)",
            "    stated = Micros(0 * membership.tick)",
        ),
    ),
    *mutants(
        "core/admission.py",
        f"{CONSENT} {MEMBERS}",
        ("grants admit nobody", "    if granted and terms.onward < NEVER:\n        return granted\n", ""),
        ("NEVER voids no grant", "    if granted and terms.onward < NEVER:", "    if granted:"),
        ("widening names nobody", "    if widened:\n        return widened\n", ""),
        ("who was dropped stays named", "    if name.dropped is not None:\n        return False\n", ""),
        (
            "who stood at one naming of the world's need not stand at the others",
            "and all(membership",
            "and any(membership",
        ),
        (
            "whom a narrowing of the world's names is dropped",
            "    return bool(name.kept) and all(membership.standing(to, at, now) for at in name.kept)",
            "    return False",
        ),
        (
            "a narrowing of the world's names newcomers",
            "    return bool(name.kept) and all(membership.standing(to, at, now) for at in name.kept)",
            "    return bool(name.kept)",
        ),
        (
            "what was said before a narrowing outlives it",
            "    return name.dropped is None or at > name.dropped",
            "    return True",
        ),
        (
            "at equal time narrow does not win",
            "    return name.dropped is None or at > name.dropped",
            "    return name.dropped is None or at >= name.dropped",
        ),
        (
            "anybody widens",
            "        if fact.member == c.control.controller\n        and to in fact.body.rel",
            "        if to in fact.body.rel",
        ),
        ("widening names everybody", "        and to in fact.body.rel\n", ""),
        ("a widening outlives a narrowing", "        and _since(fact.at, name)\n", ""),
        (
            "a widening counts before its date and for newcomers",
            "        and membership.standing(to, fact.begins, now)\n    )",
            "    )",
        ),
        ("a grant for one item opens another", "        return body.item == item.id\n", "        return True\n"),
        (
            "a grant that names another author counts",
            "    if body.author != statement.member:\n        return False\n",
            "",
        ),
        (
            "a standing grant covers what was said before it",
            "    return statement.at > grant.at and body.item in cited_by(item)",
            "    return body.item in cited_by(item)",
        ),
        (
            "a standing grant covers what was said at its time",
            "    return statement.at > grant.at and",
            "    return statement.at >= grant.at and",
        ),
        ("a standing grant covers what does not cite", " and body.item in cited_by(item)", ""),
        (
            "a standing grant opens no control of its author's",
            "    if c.own:",
            "    if False:",
        ),
        (
            "a grant for one opens to all",
            "    if grant.body.member != to or not _since(grant.at, name):",
            "    if not _since(grant.at, name):",
        ),
        (
            "a grant outlives a narrowing",
            "    if grant.body.member != to or not _since(grant.at, name):",
            "    if grant.body.member != to:",
        ),
        (
            "a grant never ends",
            "    over = grant.body.until is not None and now >= grant.body.until",
            "    over = False",
        ),
        ("a grant ends one microsecond late", "now >= grant.body.until", "now > grant.body.until"),
        (
            "a grant needs no standing",
            "    return not over and membership.standing(to, grant.begins, now)",
            "    return not over",
        ),
        (
            "a standing grant outlives the narrowing of its root",
            "    if grant.body.control == c.id:\n        return True\n    return not any(",
            "    if grant.body.control == c.id:\n        return True\n    return True or not any(",
        ),
        (
            "anybody's narrowing of the root ends a standing grant",
            "        fact.member == grant.member and grant.at <= fact.at and",
            "        grant.at <= fact.at and",
        ),
        (
            "anybody grants",
            "    if grant.member == controller:\n        return _NO_FACTS\n    named",
            "    return _NO_FACTS\n    named",
        ),
        (
            "who is suspended or left grants",
            "    if not membership.active(grant.member, grant.begins):\n        return None\n",
            "",
        ),
        (
            "a delegate grants while the controller is there",
            "    if not membership.left(controller, at):\n        return None\n",
            "",
        ),
        ("anybody names a delegate", "if f.member == controller and f.begins <= at]", "if f.begins <= at]"),
        ("a delegate is named after leaving", " if membership.active(controller, f.begins)]", "]"),
        (
            "a delegate grants before it is named",
            "if f.member == controller and f.begins <= at]",
            "if f.member == controller]",
        ),
        (
            "the first delegate named stays",
            "    return valid[-1] if valid else None",
            "    return valid[0] if valid else None",
        ),
        (
            "any delegate named will do",
            "if named is not None and named.body.delegate == grant.member else None",
            "if named is not None else None",
        ),
        ("the delegation does not go along", "    return (named.id,) if", "    return () if"),
    ),
)

TERMS: Final[tuple[Mutant, ...]] = (
    *mutants(
        "core/terms.py",
        f"{LAWS} {CONSENT} {VIEWING} {RECALL}",
        (
            "the world's need not be TLP_RULE",
            "        return not self.onward and not self.nobody",
            "        return not self.nobody",
        ),
        ("an empty list is the world's", "not self.onward and not self.nobody and", "not self.onward and"),
        ("the world's may have caveats", " and not self.caveats and self.tlp(now)", " and self.tlp(now)"),
        ("the world's need not be CLEAR", " and self.tlp(now) == CLEAR", ""),
        (
            "downgrades never come",
            "        if at <= now:\n            place = later",
            "        if False:\n            place = later",
        ),
        (
            "downgrades come one microsecond late",
            "        if at <= now:\n            place = later",
            "        if at < now:\n            place = later",
        ),
        (
            "the widest of all labels counts",
            "        return max(_at(profile, now)",
            "        return min(_at(profile, now)",
        ),
        (
            "a RED control without persons leaves them to a narrowing",
            "        persons = frozenset()\n",
            "        pass\n",
        ),
        (
            "absent onward is TLP_RULE",
            "        onward=_place(ONWARD_ORDER, marking.onward_word),\n        persons",
            "        onward=_asked(marking).onward,\n        persons",
        ),
        ("an empty list counts as absent", "        nobody=marking.rel == (),", "        nobody=False,"),
        ("everything is evidence", "        hold=marking.held,", "        hold=True,"),
        (
            "a narrowing forgets an unknown word",
            "        known=terms.known and asked.known,",
            "        known=terms.known,",
        ),
        (
            "a narrowing heals an unknown word",
            "        known=terms.known and asked.known,",
            "        known=asked.known,",
        ),
        (
            "a narrowing does not bring expiry forward",
            "        expires=min(terms.expires, asked.expires),",
            "        expires=terms.expires,",
        ),
        (
            "a narrowing puts expiry off",
            "        expires=min(terms.expires, asked.expires),",
            "        expires=max(terms.expires, asked.expires),",
        ),
        (
            "a narrowing does not upgrade",
            "        profiles=(*terms.profiles, *asked.profiles),",
            "        profiles=terms.profiles,",
        ),
        (
            "a narrowing downgrades",
            "        profiles=(*terms.profiles, *asked.profiles),",
            "        profiles=asked.profiles,",
        ),
        (
            "a narrowing leaves onward",
            "        onward=max(terms.onward, asked.onward),",
            "        onward=terms.onward,",
        ),
        ("a narrowing leaves the mode", "        mode=max(terms.mode, asked.mode),", "        mode=terms.mode,"),
        (
            "a narrowing adds no caveat",
            "        caveats=terms.caveats | asked.caveats,",
            "        caveats=terms.caveats,",
        ),
        (
            "a narrowing leaves persons",
            "        persons=_both(terms.persons, asked.persons),",
            "        persons=terms.persons,",
        ),
        (
            "a narrowing adds persons",
            "        persons=_both(terms.persons, asked.persons),",
            "        persons=asked.persons,",
        ),
        (
            "a narrowing leaves purposes",
            "        purposes=_both(terms.purposes, asked.purposes),",
            "        purposes=terms.purposes,",
        ),
        ("a narrowing heals an unknown purpose", "terms.purposes_named | asked.purposes_named", "asked.purposes_named"),
        ("anybody narrows", "if f.member == control.controller and f.begins <= now)", "if f.begins <= now)"),
        (
            "a narrowing counts before its date",
            "if f.member == control.controller and f.begins <= now)",
            "if f.member == control.controller)",
        ),
        (
            "a narrowing that names rel leaves the world's",
            "            terms = structs.replace(terms, nobody=True)",
            "            pass",
        ),
        (
            "a narrowing that names rel drops nobody",
            " if to not in f.body.marking.named), default=None)",
            " if False), default=None)",
        ),
        ("the first dropping counts, not the last", "    dropped = max((f.at", "    dropped = min((f.at"),
        ("a narrowing keeps nobody of the world's", "named) if worldly else ()", "()) if worldly else ()"),
        ("a narrowing names members anew", "named) if worldly else ()", "named)"),
        (
            "a narrowing names what the world may have no more",
            "before.world(first) and without.world(now)",
            "before.world(first)",
        ),
        (
            "a narrowing names what was not yet the world's",
            "before.world(first) and without.world(now)",
            "without.world(now)",
        ),
        (
            "what is silent about names ends nothing of the world's",
            "without = _narrowed(terms_of(control.marking), silent)",
            "without = terms_of(control.marking)",
        ),
    ),
)

TAKING_BACK: Final[tuple[Mutant, ...]] = (
    *mutants(
        "core/recall.py",
        RECALL,
        (
            "a cancellation cancels nothing",
            "        recalls = tuple(fact for fact in recalls if fact.at > cancel.at)\n",
            "        pass\n",
        ),
        (
            "a cancellation cancels all that follows",
            "        recalls = tuple(fact for fact in recalls if fact.at > cancel.at)\n",
            "        recalls = ()\n",
        ),
        (
            "LIFE by two is cancelled",
            "    if cancel is not None and len(_life(f for f in recalls if f.at <= cancel.at)) < 2:",
            "    if cancel is not None:",
        ),
        ("LIFE by two is like any other", "    if len(_life(recalls)) >= 2:", "    if False:"),
        ("LIFE by one destroys at once", "    if len(_life(recalls)) >= 2:", "    if len(_life(recalls)) >= 1:"),
        (
            "any two officers make LIFE",
            '    return {fact.officer for fact in recalls if fact.body.reason == "LIFE"}',
            "    return {fact.officer for fact in recalls}",
        ),
        (
            "after a cancellation one officer is enough",
            "for f in recalls if f.officer == ROOT or (cancel is None and not _needs_two(f, facts)))",
            "for f in recalls if f.officer == ROOT or not _needs_two(f, facts))",
        ),
        ("root is one officer of two", "if f.officer == ROOT or (cancel is None", "if (cancel is None"),
        ("one officer is always enough", "(cancel is None and not _needs_two(f, facts)))", "cancel is None)"),
        (
            "two are always needed",
            "    return Standing(recalls=alone or recalls, officers=1 if alone else 2, final=False)",
            "    return Standing(recalls=recalls, officers=2, final=False)",
        ),
        (
            "one officer twice is two officers",
            "        return len({fact.officer for fact in self.recalls}) >= self.officers",
            "        return len(self.recalls) >= self.officers",
        ),
        (
            "another member's recalls count as mine",
            "    recalls = tuple(fact for fact in said.recalls if fact.member == controller)\n",
            "    recalls = said.recalls\n",
        ),
        ("another member cancels", "    return same_member and cancel.officer", "    return cancel.officer"),
        ("the same officer cancels", "same_member and cancel.officer != recall.officer and", "same_member and"),
        (
            "a cancellation counts after the delay",
            " and recall.at <= cancel.at < recall.at + delay",
            " and recall.at <= cancel.at",
        ),
        (
            "a cancellation counts at the end of the delay",
            "<= cancel.at < recall.at + delay",
            "<= cancel.at <= recall.at + delay",
        ),
        (
            "a cancellation counts before the recall",
            " and recall.at <= cancel.at < recall.at + delay",
            " and cancel.at < recall.at + delay",
        ),
        ("an incident file is like any other", "    if recall.body.in_incident:\n        return True\n", ""),
        (
            "recalls are not counted",
            "    return len({fact.body.controls for fact in before}) > MAX_RECALLS_AN_HOUR",
            "    return False",
        ),
        (
            "the twentieth of an hour needs two",
            "for fact in before}) > MAX_RECALLS_AN_HOUR",
            "for fact in before}) >= MAX_RECALLS_AN_HOUR",
        ),
        ("later recalls count against earlier ones", " if fact.order <= recall.order]", "]"),
        (
            "a second officer's recall counts as another",
            "len({fact.body.controls for fact in before})",
            "len({fact.id for fact in before})",
        ),
        (
            "anybody takes back",
            "sorted({fact.member for fact in said.recalls} & controllers(item))",
            "sorted({fact.member for fact in said.recalls})",
        ),
        (
            "a recall reaches only the item's own control",
            "for control in item.controls for standing in",
            "for control in item.controls[:1] for standing in",
        ),
        ("a recall that lacks an officer stands", "        if standing.stands:\n", "        if standing.recalls:\n"),
        (
            "hold on one control protects",
            "    return all(terms_of(c.control.marking).hold for c in controls)",
            "    return any(terms_of(c.control.marking).hold for c in controls)",
        ),
        ("evidence is hidden from its holders", " and not evidence(item.controls)\n", "\n"),
        (
            "a gap is no reason to wait",
            "        if self.gap or self.recorded is None",
            "        if self.recorded is None",
        ),
        (
            "the delay runs from the recall's record alone",
            "max(self.recorded, self.receipted - RECEIPT_ALLOWANCE) + delay",
            "self.recorded + delay",
        ),
        ("a receipt has no allowance", "self.receipted - RECEIPT_ALLOWANCE", "self.receipted"),
        ("nothing waits for the delay", "RECEIPT_ALLOWANCE) + delay)", "RECEIPT_ALLOWANCE))"),
        ("evidence is destroyed", "    if evidence(item.controls):\n        return None\n", ""),
        ("LIFE waits for the delay", "known.received if standing.final else known.due(delay)", "known.due(delay)"),
        (
            "one officer's word destroys what needs two",
            "    return dues[standing.officers - 1] if len(dues) >= standing.officers else None",
            "    return dues[0] if dues else None",
        ),
        ("the author destroys what expired", " if c.control.controller != holder\n", "\n"),
        (
            "expired evidence is destroyed",
            "    return None if end == FOREVER or evidence(item.controls) else",
            "    return None if end == FOREVER else",
        ),
        ("what expired is destroyed at once", "else Micros(end + membership.recall_delay)", "else Micros(end)"),
        (
            "a narrowing is destroyed at once",
            "    return fact_coverage.due(membership.recall_delay)",
            "    return fact_coverage.due(0)",
        ),
    ),
    *mutants(
        "core/facts.py",
        f"{FACTS} {RECALL} {CONSENT}",
        (
            "the hour is the clock's hour",
            "both = (*(self.recalled.get((member, hour - 1)) or ()), *(self",
            "both = (*(self",
        ),
        (
            "the hour has no beginning",
            "for fact in both if at - HOUR < fact.at <= at)",
            "for fact in both if fact.at <= at)",
        ),
        (
            "what was recorded late counts",
            "    return not isinstance(fact.body, TIMELY_ONLY) or fact.id not in facts.late",
            "    return True",
        ),
        (
            "what is found late still counts",
            "        return grown if found is None or _counts(grown, found) else _unindexed(grown, found)",
            "        return grown",
        ),
        (
            "a late cancellation counts",
            "TIMELY_ONLY: Final = (Grant, CancelRecall, Delegate)",
            "TIMELY_ONLY: Final = (Grant, Delegate)",
        ),
        ("facts stand in the order of arrival", "bisect_left(facts, fact.order, key=_order)", "len(facts)"),
        (
            "a standing grant found late still follows",
            "        left = tuple(f for f in facts.following(item) if f.id != fact.id)",
            "        left = facts.following(item)",
        ),
        (
            "a fact is about its first control",
            "    for control in controls_named(fact.body):\n        controls = controls.plus(control, _with(",
            "    for control in controls_named(fact.body)[:1]:\n        controls = controls.plus(control, _with(",
        ),
    ),
)

COMBINING: Final[tuple[Mutant, ...]] = mutants(
    "core/combine.py",
    COMBINE,
    (
        "rel is joined, not met",
        "        rel=_set(_meet(_rel(a), _rel(b))),",
        "        rel=_set(frozenset(a.named) | frozenset(b.named)),",
    ),
    (
        "persons are the first's",
        "        persons=_set(_meet(_persons(a), _persons(b))),",
        "        persons=_set(_persons(a)),",
    ),
    (
        "onward is the first's",
        "_stricter(ONWARD_ORDER, a.onward_word, b.onward_word)",
        "_stricter(ONWARD_ORDER, a.onward_word)",
    ),
    ("mode is the first's", "_stricter(MODE_ORDER, a.mode_word, b.mode_word)", "_stricter(MODE_ORDER, a.mode_word)"),
    (
        "attribution is the first's",
        "_stricter(ATTRIBUTION_ORDER, a.attribution_word, b.attribution_word)",
        "_stricter(ATTRIBUTION_ORDER, a.attribution_word)",
    ),
    (
        "purposes are the first's",
        "        purposes=_set(_meet(_words(a.purposes), _words(b.purposes))),",
        "        purposes=_set(_words(a.purposes)),",
    ),
    (
        "caveats are those of both",
        "sorted({*a.caveat_words, *b.caveat_words})",
        "sorted({*a.caveat_words} & {*b.caveat_words})",
    ),
    (
        "hold of one is enough",
        "        hold=True if a.held and b.held else UNSET,",
        "        hold=True if a.held or b.held else UNSET,",
    ),
    (
        "the later expiry counts",
        "    return min(times) if times else UNSET",
        "    return max(times) if times else UNSET",
    ),
    ("the wider word counts", "    return max(words, key=_rank(order))", "    return min(words, key=_rank(order))"),
    (
        "an unknown word counts as the widest",
        "order.index(word) if word in order else len(order), word)",
        "order.index(word) if word in order else -1, word)",
    ),
    ("downgrades are dropped", "        downgrade=steps or UNSET,", "        downgrade=UNSET,"),
    (
        "the earlier downgrade counts",
        "        word = _stricter(TLP_ORDER, tlp_at(a, at), tlp_at(b, at))",
        "        word = min(tlp_at(a, at), tlp_at(b, at), key=_rank(TLP_ORDER))",
    ),
    ("the world's rel is whom it names", "    return _EVERYBODY if _always_the_worlds(marking) else", "    return"),
    (
        "what becomes the world's is everybody's",
        '    clear = marking.tlp == "CLEAR" and all(word == "CLEAR" for _, word in marking.steps)',
        '    clear = "CLEAR" in (marking.tlp, *(word for _, word in marking.steps))',
    ),
    ("an empty list is the world's", " and marking.rel != ()", ""),
    (
        "absent persons on RED are everybody",
        "        return frozenset() if red else _EVERYBODY",
        "        return _EVERYBODY",
    ),
    (
        "what becomes RED is for everybody",
        '        red = "RED" in (marking.tlp, *(word for _, word in marking.steps))',
        '        red = marking.tlp == "RED"',
    ),
    (
        "persons that a control does not list are offered",
        "    named = {name for name in known if _hash(control.serial, name) in listed}",
        "    named = set(known)",
    ),
)

MEMORY: Final[tuple[Mutant, ...]] = (
    *mutants(
        "core/gate.py",
        GATE,
        (
            "a decision is kept for ever",
            "        self.until = self.case.horizon()",
            "        self.until = 2**63",
        ),
        (
            "a decision is kept for the time before it",
            "        if entry is not None and entry.since <= now < entry.until:\n            decision = entry.decisions",
            "        if entry is not None and now < entry.until:\n            decision = entry.decisions",
        ),
        ("facts change nothing", "        for key in _keys(fact):", "        for key in ():"),
        (
            "facts about contained controls change nothing",
            "    for c in case.clauses:\n        keys.append(c.id)",
            "    for c in case.clauses[:1]:\n        keys.append(c.id)",
        ),
        ("standing grants change nothing", '        keys.append(f"cites {cited}")\n', ""),
        (
            "narrowings of a root change nothing",
            "        keys += (grant.body.control for grant in facts.following(cited))\n",
            "",
        ),
        (
            "a full hour changes nothing",
            '        keys += (f"recalled by {fact.member}" for fact in c.said.recalls)\n',
            "",
        ),
        ("an act changes nothing", "        self._entries.clear()\n", ""),
        (
            "an act is not heard",
            "        self._membership = membership\n        self._entries.clear()",
            "        self._entries.clear()",
        ),
        (
            "what is held is decided as what is new",
            "        (entry.held if held else entry.decisions)[to] = decision",
            "        entry.held[to] = entry.decisions[to] = decision",
        ),
        (
            "a viewer is decided as her member",
            "        return view(decision, viewer, entry.facts, now)",
            "        return decision",
        ),
        ("memory has no bound", "        while len(self._entries) >= self._limit:", "        while False:"),
        ("what is forgotten is still watched", "            watchers.discard(item)\n", ""),
    ),
    *mutants(
        "core/release.py",
        GATE,
        (
            "acts to come are no horizon",
            "        times = [FOREVER, self._membership.next_change(now) or FOREVER]",
            "        times = [FOREVER]",
        ),
        (
            "the marking's times are no horizon",
            ", *terms_of(c.control.marking).times, *said_times(c.said))",
            ", *said_times(c.said))",
        ),
        ("the times of facts are no horizon", ", *said_times(c.said))", ")"),
        (
            "a control's issue is no horizon",
            "            times += (c.issued, *terms_of",
            "            times += (*terms_of",
        ),
        (
            "standing grants are no horizon",
            "                times += said_times(self._facts.on(ControlId(grant.body.control)))",
            "                pass",
        ),
    ),
    *mutants(
        "core/terms.py",
        GATE,
        (
            "the end of a grant is no horizon",
            "    times += [grant.body.until for grant in said.grants if grant.body.until is not None]\n",
            "",
        ),
        (
            "the beginning of a fact is no horizon",
            "    times = [fact.begins for fact in said.all]",
            "    times: list[Micros] = []",
        ),
        (
            "a narrowing's times are no horizon",
            "    return (*times, *(at for fact in said.narrows for at in _asked(fact.body.marking).times))",
            "    return tuple(times)",
        ),
    ),
)

MEMBERSHIP: Final[tuple[Mutant, ...]] = mutants(
    "core/membership.py",
    f"{MEMBERS} {CONSENT} tests/core/structures/test_membership.py",
    (
        "a member that was not there stands",
        '        return then == last == "active"',
        '        return last == "active"',
    ),
    ("a member that is not there stands", '        return then == last == "active"', '        return then == "active"'),
    ("tomorrow counts today", "        if since > now:\n            return False\n", ""),
    ("a withdrawal between is no break", '            elif last == "withdrawn":\n', "            elif False:\n"),
    (
        "a suspension between is a break",
        '            elif last == "withdrawn":\n',
        '            elif last != "active":\n',
    ),
    (
        "the suspended are active",
        '        return self.state(member, at) == "active"',
        '        return self.state(member, at) in ("active", "suspended")',
    ),
    (
        "who never was a member has not left",
        '        return self.state(member, now) in (None, "withdrawn")',
        '        return self.state(member, now) == "withdrawn"',
    ),
)

IN_TIME: Final[tuple[Mutant, ...]] = (
    *mutants(
        "core/factbody.py",
        FACTS,
        ("the chair's facts count", '    if statement.hat != "MEMBER":\n', '    if statement.hat == "NOBODY":\n'),
        ("a body in another spelling counts", "    if encode(body) != bytes(statement.body):\n", "    if False:\n"),
        ("a later version of a fact counts", " or statement.kind_v != 1:", ":"),
        ("a narrowing's marking is not checked", "        check_marking(body.marking)\n", "        pass\n"),
    ),
    *mutants(
        "core/timely.py",
        TIMELY,
        (
            "a drawer with a perfect path is timely",
            "if receipted is not None and (receipted <= by or _both(by, recorded, receipted)):",
            "if recorded is not None and recorded <= by:",
        ),
        ("a receipt is in time for ever", " and receipted <= by + RECEIPT_ALLOWANCE", ""),
        ("what is recorded late is timely", "recorded is not None and recorded <= by and", "recorded is not None and"),
        ("what was first seen too late is open", "late or late_on_arrival(by, received) or now", "late or now"),
        ("what is never proven stays open", " or now > by + RECEIPT_ALLOWANCE + PROOF_PATIENCE else", " else"),
        ("a cancellation has its own date's delay", "cancel.at if recall is None else recall.at", "cancel.at"),
        (
            "the last receipt counts",
            "        return min(self.receipted, default=None)",
            "        return max(self.receipted, default=None)",
        ),
        ("a receipt is early for ever", "Micros(receipted - RECEIPT_ALLOWANCE)))", "recorded))"),
        (
            "a receipt on record proves nothing of what it names",
            "    return receipted if recorded is None else min(",
            "    return None if recorded is None else min(",
        ),
        (
            "what is recorded later than its receipt is so late",
            "min(receipted, max(recorded,",
            "max(recorded, min(recorded,",
        ),
    ),
    *mutants(
        "core/facts.py",
        f"{TIMELY} {AHEAD}",
        ("proof that comes after the doubt mends nothing", "late=self.late.minus(fact)", "late=self.late"),
        ("a fact begins at its date alone", "self.at if self.seen is None else min(self.at, self.seen)", "self.at"),
    ),
    *mutants(
        "core/admission.py",
        AHEAD,
        (
            "a control is as new as it says",
            "stated if known is None else min(stated, known)",
            "stated",
        ),
    ),
    *mutants(
        "core/recall.py",
        RECALL,
        ("what has expired was lost by a narrowing", " and answer is not Reason.EXPIRED", ""),
        ("what a control never gave was lost by a narrowing", "if n and answer", "if begun and answer"),
        ("evidence is destroyed by a narrowing", "by = () if evidence(item.controls) else dropped", "by = dropped"),
    ),
)

W: Final = f"{R}test_withdrawn_laws.py"
WITHDRAWN: Final[tuple[Mutant, ...]] = (
    *mutants(
        "core/withdrawn.py",
        W,
        (
            "a withdrawn warning is told for ever",
            "until is None or now >= until or not taken",
            "until is None or not taken",
        ),
        (
            "a warning is withdrawn by nobody",
            "until is None or now >= until or not taken",
            "until is None or now >= until",
        ),
        (
            "whoever asks is told of a withdrawn warning",
            "    return None if isinstance(seen, Withheld) else told",
            "    return told",
        ),
        (
            "every door is told of a withdrawn warning",
            "    return None if isinstance(passed, Withheld) else told",
            "    return told",
        ),
        (
            "only its own control is asked who is told",
            "    for c in item.controls:\n        said",
            "    for c in item.controls[:1]:\n        said",
        ),
        ("who took it back first is told alone", "by=tuple(sorted({f.member for f in by}))", "by=(by[0].member,)"),
        ("it was withdrawn when it was first", "at=Micros(max(f.at", "at=Micros(min(f.at"),
    ),
    *mutants(
        "core/warning.py",
        W,
        ("everything is a warning", "    if statement.kind not in WARNING_KINDS:\n        return None\n", ""),
        ("an authority's is none", 'frozenset({"alert", "early-warning"})', 'frozenset({"alert"})'),
        ("a warning holds as long as it says", "Micros(min(until, issued + MAX_IN_FORCE))", "Micros(until)"),
        ("a date ahead lengthens a warning", "if seen is None else min(statement.at, seen)", ""),
    ),
    *mutants(
        "core/recall.py",
        W,
        ("a warning in force is destroyed", "Micros(max(due, told_until))", "due"),
        ("a warning outlives its recall", "Micros(max(due, told_until))", "told_until"),
    ),
)

H: Final = f"{R}test_home_laws.py"
HOME: Final[tuple[Mutant, ...]] = (
    *mutants(
        "core/release.py",
        H,
        (
            "what stays home is released as it is marked",
            "kind in HOME_KINDS and to != self",
            "kind in () and to != self",
        ),
        (
            "what stays home is not its author's either",
            "in HOME_KINDS and to != self.item.statement.member",
            "in HOME_KINDS",
        ),
        ("what stays home passes a door", "    if item.statement.kind in INDOORS:", "    if False:"),
        ("a party more is asked for", "    if c.own and item.statement.kind in NAMED_KINDS:", "    if False:"),
    ),
    *mutants(
        "core/admission.py",
        H,
        ("a grant adds a party", "granted = _NO_FACTS if fixed else _granted", "granted = _granted"),
        ("a widening adds a party", "widened = _NO_FACTS if fixed else _widened", "widened = _widened"),
    ),
)

RULE: Final = (
    *HOME,
    *WITHDRAWN,
    *IN_TIME,
    *RELEASE,
    *ADMISSION,
    *TERMS,
    *TAKING_BACK,
    *COMBINING,
    *MEMORY,
    *MEMBERSHIP,
)
