"""The audit page: every log with its witnesses, every link with its age, and the check of everything."""

from pathlib import Path

import pytest
from consoles import Console, Exchange
from playwright.sync_api import expect

pytestmark = pytest.mark.slow


def test_every_log_its_witnesses_and_every_link_are_told_and_checked(north: Console, pictures: Path) -> None:
    north.page.keyboard.type("ga")
    expect(north.page.get_by_role("heading", name="Audit")).to_be_visible()

    for member in ("north", "east", "west"):
        row = north.page.get_by_role("row").filter(has=north.page.get_by_role("rowheader", name=member))
        expect(row).to_contain_text("of 2")
        expect(row).to_contain_text("this node" if member == "north" else "linked · over hub-1")
    north.page.get_by_role("button", name="Check every log now").click()
    expect(north.page.get_by_text("3 logs, no problem.")).to_be_visible()
    assert north.faults() == []
    north.page.screenshot(path=pictures / "audit-en-dark.png")
    for theme in ("dark", "light"):
        north.speak("ar")
        north.look(theme)
        assert north.faults() == []
        north.page.screenshot(path=pictures / f"audit-ar-{theme}.png")


def test_the_policy_lets_no_script_in_and_no_byte_out(exchange: Exchange) -> None:
    with exchange.console("west") as west:
        answer = west.page.goto(f"{west.origin}/inbox")
        assert answer is not None
        policy = answer.headers["content-security-policy"]
        assert {"default-src 'none'", "script-src 'self'", "connect-src 'self'"} <= set(policy.split("; "))
        assert "unsafe" not in policy

        tried = west.page.evaluate(
            """async () => {
              const tries = [
                () => document.createElement('p').setAttribute('onclick', 'window.got = true'),
                () => { document.createElement('script').textContent = 'window.got = true' },
                () => { document.createElement('p').innerHTML = '<b>x</b>' },
              ]
              const told = tries.map((one) => { try { one(); return 'done' } catch { return 'refused' } })
              told.push(await fetch('http://127.0.0.1:9/').then(() => 'went out', () => 'kept in'))
              return [...told, window.got ?? null]
            }"""
        )

        assert tried == ["refused"] * 3 + ["kept in", None]
        west.forgive(2)  # the watch over the policy hears what is tried


def test_another_page_of_this_machine_neither_reads_nor_changes_anything(exchange: Exchange, north: Console) -> None:
    """`localhost` is one site whatever the port: her cookie goes along, and still nothing comes of it."""
    before = north.send("before the attack", "x", tlp="GREEN", to=["west"])
    with exchange.console("west") as west:
        expect(west.rows.filter(has_text=before)).to_be_visible()
        page = west.evil("<!doctype html><title>evil</title><form method=post enctype=text/plain></form>")
        tried = page.evaluate(
            """async (origin) => {
              const draft = JSON.stringify({ title: 'evil', text: 'x', tlp: 'GREEN', to: ['north'] })
              const told = []
              const sent = (how) => fetch(`${origin}/api/items`, { credentials: 'include', ...how })
                .then((answer) => told.push(answer.type), () => told.push('refused'))
              await sent({ method: 'POST', mode: 'no-cors', body: draft, headers: { 'Content-Type': 'text/plain' } })
              await sent({ method: 'POST', body: draft, headers: { 'Content-Type': 'application/json' } })
              await sent({})
              return told
            }""",
            west.origin,
        )
        assert tried == ["refused"] * 3
        form = "(origin) => { const f = document.forms[0]; f.action = `${origin}/api/items`; f.submit() }"
        with page.expect_navigation():
            page.evaluate(form, west.origin)
        assert "other-origin" in page.content()
        page.close()

        west.page.reload()
        expect(west.page.get_by_role("heading", name="Inbox")).to_be_visible()
        expect(west.page.get_by_role("button", name="Sign out")).to_be_visible()
        expect(west.rows.filter(has_text=before)).to_be_visible()
        assert west.rows.filter(has_text="evil").count() == 0
        marker = north.send("after the attack", "x", tlp="GREEN", to=["west"])
        expect(west.rows.filter(has_text=marker)).to_be_visible()
        assert west.rows.filter(has_text="evil").count() == 0
