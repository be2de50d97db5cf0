"""Consent at the consoles: why not, a grant that is shown before it is made, why she sees it, a recall cancelled."""

import re
from pathlib import Path

import pytest
from by_keys import Hands
from consoles import Console
from playwright.sync_api import expect
from troubles import Troubled

pytestmark = pytest.mark.slow

KEYS, READING, SHELL = "pages/keys", "pages/reading", "shell"


def enrolled(console: Console, officer: str) -> None:
    """Make the officer a passkey that asserts."""
    console.make_passkey()
    console.quartet("officer", "enrol", officer)
    expect(console.page.get_by_text("waits for root")).to_have_count(0)
    expect(console.page.get_by_text("enrolled: asserts").first).to_be_visible()


def test_an_item_is_granted_after_what_that_does_was_shown_and_appears_where_it_was_not(
    world: Troubled, pictures: Path
) -> None:
    with world.console("north") as north, world.console("east") as east:
        expect(east.page.get_by_role("heading", name="Inbox")).to_be_visible()
        ref = north.send("Kept to ourselves", "Two pumps stand still.", tlp="AMBER", to=[])
        enrolled(north, "duty")
        north.page.goto(f"{north.origin}/items/{ref}")
        expect(north.page.get_by_text("does not have it: the marking does not name it")).to_be_visible()
        never = north.send("Never further", "x", tlp="AMBER", to=[], onward="NEVER")
        north.page.goto(f"{north.origin}/items/{never}")
        expect(north.page.get_by_text("Nothing under this marking")).to_be_visible()
        expect(north.page.get_by_role("button", name="Grant it")).to_have_count(0)
        north.page.goto(f"{north.origin}/items/{ref}")

        north.page.get_by_role("button", name="Grant it to east…").click()
        dialog = north.page.get_by_role("dialog")
        expect(dialog).to_contain_text(f"east gets {ref} at once, and nobody else does.")
        dialog.get_by_label("What follows it").check()
        expect(dialog).to_contain_text("Nothing goes to it now.")
        dialog.get_by_label("This item alone").check()
        expect(dialog).to_contain_text(f"east gets {ref} at once")
        assert north.faults() == []
        north.page.screenshot(path=pictures / "grant-en-dark.png")
        dialog.get_by_role("button", name="Assert, and grant it").click()

        row = east.rows.filter(has_text=ref)
        expect(row).to_contain_text("Kept to ourselves")
        expect(north.page.get_by_text(re.compile("by a grant of north, until"))).to_be_visible()
        row.click()
        expect(east.page.get_by_text("duty of north granted it to east.")).to_be_visible()
        assert east.faults() == []
        east.page.screenshot(path=pictures / "why-you-see-it-en-dark.png")
        for console, heading in ((north, "Given by us"), (east, "Given to us")):
            console.page.keyboard.type("gg")
            expect(console.page.get_by_role("heading", name=heading)).to_be_visible()
            expect(console.page.get_by_role("row").filter(has_text=ref)).to_contain_text("in force until")
            assert console.faults() == []
        north.page.screenshot(path=pictures / "grants-en-dark.png")
        for language, theme in (("ar", "dark"), ("en", "light")):
            north.speak(language)
            north.look(theme)
            assert north.faults() == []
            north.page.screenshot(path=pictures / f"grants-{language}-{theme}.png")


def test_a_recall_is_cancelled_by_another_officer_and_the_item_is_back(world: Troubled, pictures: Path) -> None:
    with world.console("north") as duty, world.console("east") as east:
        ref = duty.send("Taken back in error", "x", tlp="AMBER", to=["east"])
        expect(east.rows.filter(has_text=ref)).to_be_visible()
        duty.quartet("recall", ref, "--as", "duty")
        expect(east.rows.filter(has_text=ref)).to_have_count(0)
        duty.page.goto(f"{duty.origin}/items/{ref}")
        expect(duty.page.get_by_text("Another officer of your member can cancel that until")).to_be_visible()

        with world.console("north", officer="deputy") as deputy:
            enrolled(deputy, "deputy")
            deputy.page.goto(f"{deputy.origin}/items/{ref}")
            expect(deputy.page.get_by_text("You can cancel that until")).to_be_visible()
            assert deputy.faults() == []
            deputy.page.screenshot(path=pictures / "cancel-recall-en-dark.png")
            deputy.page.get_by_role("button", name="Cancel the recall…").click()
            deputy.page.get_by_role("button", name="Assert, and cancel the recall").click()

            expect(deputy.page.get_by_role("heading", level=1)).to_have_text("Taken back in error")
        expect(east.rows.filter(has_text=ref)).to_be_visible()


def test_a_grant_is_made_by_keys_alone_in_persian_after_a_pasted_link_proved_that_it_is_she(
    world: Troubled, pictures: Path
) -> None:
    with world.console("north") as north, world.console("east") as east:
        hands = Hands(north, "fa")
        ref = north.send("تلمبهٔ ایستگاه ۴", "خاموش است.", tlp="AMBER", to=[])
        hands.speak()
        hands.press("g", "y")
        with north.page.expect_response("**/api/officer/keys"):  # an older one may wait for root already
            hands.push(hands.button(KEYS, "make_key"))
        expect(north.page.get_by_text(hands.said(KEYS, "waits")).first).to_be_visible()
        north.quartet("officer", "enrol", "duty")
        expect(north.page.get_by_text(hands.said(KEYS, "waits"))).to_have_count(0)
        north.page.clock.install()
        north.page.goto(f"{north.origin}/items/{ref}")
        north.page.clock.fast_forward("04:00")  # for the page alone: what was fresh for it is so no more

        hands.push(hands.button(READING, "grant_to", member="east"))
        dialog = north.page.get_by_role("dialog")
        expect(dialog).to_contain_text(hands.said(READING, "gets_now", member="east", ref=ref))
        hands.push(hands.button(READING, "assert_grant"))
        proof = north.page.get_by_role("dialog", name=hands.said(SHELL, "prove_title"))
        expect(proof).to_be_visible()
        assert north.faults() == []
        north.page.screenshot(path=pictures / "prove-fa-dark.png")
        hands.type(proof.get_by_label(hands.said(SHELL, "or_link")), north.link())
        hands.push(proof.get_by_role("button", name=hands.said(SHELL, "use_link")))

        expect(east.rows.filter(has_text=ref)).to_be_visible()
        expect(north.page.get_by_role("dialog")).to_have_count(0)


def test_a_grant_without_a_key_says_what_is_missing_until_she_closes_it_and_the_page_stays(world: Troubled) -> None:
    with world.console("east", officer="deputy") as deputy:
        page = deputy.page
        ref = deputy.send("Not granted", "x", tlp="AMBER", to=[])
        deputy.rows.filter(has_text=ref).click()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/items/{ref}")
        page.get_by_role("button", name="Grant it to north…").click()
        page.get_by_role("button", name="Assert, and grant it").click()

        missing = page.get_by_role("dialog").get_by_role("alert")
        expect(missing).to_contain_text("This browser has no key of yours that your member’s root enrolled.")
        for _ in range(2):
            with page.expect_response(lambda answer: answer.url.endswith(f"/items/{ref}")):
                pass
        expect(missing).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        with page.expect_response(lambda answer: answer.url.endswith(f"/items/{ref}")):
            pass
        page.get_by_role("button", name="Grant it to north…").click()
        page.get_by_role("button", name="Assert, and grant it").click()
        missing.get_by_role("link", name="Your keys").click()
        expect(page.get_by_role("heading", name="Your keys")).to_be_visible()


def test_she_is_asked_to_prove_herself_only_by_what_she_has(world: Troubled, pictures: Path) -> None:
    with world.console("east", officer="deputy") as deputy:
        page = deputy.page
        ref = deputy.send("Kept a while", "x", tlp="AMBER", to=[])
        page.goto(f"{deputy.origin}/keys")
        deputy.make_key()
        expect(page.get_by_text("waits for root").first).to_be_visible()
        deputy.quartet("officer", "enrol", "deputy")
        expect(page.get_by_text("waits for root")).to_have_count(0)
        page.clock.install()
        page.goto(f"{deputy.origin}/items/{ref}")
        page.clock.fast_forward("04:00")  # for the page alone: what was fresh for it is so no more
        page.get_by_role("button", name="Grant it to north…").click()
        page.get_by_role("button", name="Assert, and grant it").click()

        proof = page.get_by_role("dialog", name="Is it you?")
        expect(proof).to_contain_text("quartet officer link deputy")
        expect(proof.get_by_role("button", name="Use a passkey")).to_have_count(0)
        expect(proof.get_by_label("Password")).to_have_count(0)
        assert deputy.faults() == []
        page.screenshot(path=pictures / "prove-en-dark.png")
        proof.get_by_role("button", name="Cancel").click()
        expect(proof).to_have_count(0)


def test_a_stream_that_breaks_anywhere_goes_on_where_it_was_through_a_late_grant(world: Troubled) -> None:
    with world.console("north") as north, world.console("east") as east:
        head = east.page.evaluate(HEAD)
        late = north.send("Granted late", "x", tlp="AMBER", to=[])
        first = north.send("First", "x", tlp="AMBER", to=["east"])
        expect(east.rows.filter(has_text=first)).to_be_visible()
        north.quartet("grant", late, "east", "--as", "duty")
        expect(east.rows.filter(has_text=late)).to_be_visible()
        last = north.send("Last", "x", tlp="AMBER", to=["east"])
        expect(east.rows.filter(has_text=last)).to_be_visible()

        whole = east.page.evaluate(HEARD, [head, last])

        assert [ref for _, ref in whole if ref in {late, first, last}] == [first, late, last]
        for n, (seq, _) in enumerate(whole[:-1], 1):
            assert east.page.evaluate(HEARD, [seq, last]) == whole[n:]


HEAD = "async () => (await (await fetch('/api/items?newest=true&limit=1')).json()).head"
HEARD = """async ([after, last]) => {
  const answer = await fetch('/api/events', { headers: { 'Last-Event-ID': after } })
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  const told = () => text.split(/\\r?\\n\\r?\\n/).filter((one) => /^data: /m.test(one))
  const over = () => told().some((one) => one.includes(last))
  while (!over()) text += (await reader.read()).value
  await reader.cancel()
  return told().map((one) => JSON.parse(/^data: (.*)$/m.exec(one)[1])).map((event) => [event.seq, event.ref])
}"""
