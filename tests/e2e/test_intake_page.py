"""From a pasted page to a signed report: each suggestion shows where it stands, few keys are pressed, nothing runs."""

import re
from pathlib import Path

import pytest
from consoles import PATIENCE_MS, Console
from playwright.sync_api import Locator, Route, expect

from quartet.node.aliasviews import AliasPage, Meant

pytestmark = pytest.mark.slow

MOST_KEYS = 20
"""From the paste to the signature."""
PASTE = """([html, text]) => {
  const clipboardData = new DataTransfer()
  if (html) clipboardData.setData('text/html', html)
  clipboardData.setData('text/plain', text)
  const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })
  document.activeElement.dispatchEvent(event)
}"""
ENGLISH = """<html lang="en"><head><title>Tannery burns | Harbour Courier</title></head><body>
<nav><a href="/">Home</a> <a href="/ads">Advertise</a></nav>
<header><span>Harbour Courier</span></header>
<h1>Tannery burns on the north quay</h1><p class="byline">2 March 2026</p>
<p>A fire broke out in the tannery on the north quay at Ostrel on Sunday evening and three workers were hurt, the
Ostrel fire brigade said.</p>
<p>The port office denied that ammonia leaked from the cold store.</p>
<p>An expert who asked not to be named said that General Amos Tarling had been warned.</p>
<div class="share">Share this <script>document.title = 'it ran'</script></div>
<footer>Read also: Ferry aground in 2019</footer></body></html>"""
TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorial" / "open-source.md"
ARABIC = """<html lang="ar" dir="rtl"><head><title>حريق في مدبغة</title></head><body>
<nav><a href="/">الرئيسية</a></nav><header>جريدة المرفأ</header>
<h1>حريق في مدبغة على الرصيف الشمالي</h1><p class="byline">2 آذار 2026</p>
<p>قالت بلدية الميناء إن حريقاً اندلع مساء الأحد في مدبغة على الرصيف الشمالي وأصيب ثلاثة عمال.</p>
<p>ونفت إدارة المرفأ حدوث تسرّب للغاز من المستودع.</p>
<footer>اقرأ أيضاً: جنوح عبّارة</footer></body></html>"""


class Keys:
    """Counts what is pressed."""

    def __init__(self, console: Console) -> None:
        self._keyboard = console.page.keyboard
        self.count = 0

    def __call__(self, *keys: str) -> None:
        for key in keys:
            self._keyboard.press(key)
            self.count += 1


def paste(console: Console, html: str, text: str = "") -> None:
    expect(console.page.locator("textarea")).to_be_focused()
    console.page.evaluate(PASTE, [html, text])


def cards(console: Console) -> Locator:
    return console.page.get_by_role("article")


def articles() -> list[str]:
    """Return the tutorial's two articles, the English one and the Arabic one."""
    return re.findall(r"^```text\n(.*?)^```$", TUTORIAL.read_text(), re.MULTILINE | re.DOTALL)


def written(north: Console, html: str, pictures: Path, name: str, text: str = "") -> tuple[str, int]:
    """Take all that a page tells into a report for east, by keys alone; return its reference and how many keys."""
    press = Keys(north)
    north.page.keyboard.press("g")
    north.page.keyboard.press("z")
    paste(north, html, text)
    press.count += 1
    expect(cards(north)).to_have_count(2)
    north.page.screenshot(path=pictures / f"intake-{name}-dark.png")
    assert north.faults() == []
    press("o", "a", "o", "a", "B", "Tab", "3", "Control+Enter")
    expect(north.page).to_have_url(re.compile("/compose$"))
    expect(north.page.locator("input:focus")).to_have_value(re.compile("."))
    press("Tab", "Tab", "ArrowDown", "Tab", "Space")
    expect(north.page.get_by_role("checkbox", name="east")).to_be_checked()
    north.page.screenshot(path=pictures / f"intake-report-{name}-dark.png")
    expect(north.page.locator("button.main:enabled").last).to_be_visible()
    press("Control+Enter")
    expect(north.page).to_have_url(re.compile("/items/"))
    return north.page.url.rsplit("/", 1)[1], press.count


@pytest.mark.parametrize(("language", "html"), [("en", ENGLISH), ("ar", ARABIC)])
def test_from_paste_to_signed_report_by_few_keys(
    north: Console, east: Console, language: str, html: str, pictures: Path
) -> None:
    north.speak(language)

    ref, keys = written(north, html, pictures, language)

    assert keys <= MOST_KEYS
    item = north.quartet("show", ref)
    fire, leak = item["body"]["form"]["events"]
    assert (fire["polarity"], leak["polarity"]) == ("ASSERTS", "DENIES")
    assert (fire["reliability"], fire["credibility"], fire["how"]) == ("B", 3, "PUBLISHED")
    assert fire["counts"][0]["least"] == 3
    assert len(fire["roots"]) == len(leak["roots"]) == 1
    assert fire["roots"] != leak["roots"]
    assert "Tarling" not in item["body"]["text"]
    assert [one["name"] for one in item["body"]["attachments"]] == ["page.html"]
    expect(east.rows.filter(has_text=ref)).to_be_visible()
    assert north.page.title() != "it ran"


@pytest.mark.parametrize("number", [0, 1])
def test_the_tutorials_article_becomes_a_report_by_as_many_keys_as_it_says(
    north: Console, east: Console, number: int, pictures: Path
) -> None:
    north.speak(("en", "ar")[number])

    ref, keys = written(north, "", pictures, f"tutorial-{number}", articles()[number])

    assert keys == 15  # as the page says
    events = north.quartet("show", ref)["body"]["form"]["events"]
    assert [one["polarity"] for one in events] == ["ASSERTS", "DENIES"]
    assert all(len(one["roots"]) == 1 for one in events)
    expect(east.rows.filter(has_text=ref)).to_be_visible()


def test_each_suggestion_shows_where_it_stands_and_may_be_put_right_or_left(north: Console, pictures: Path) -> None:
    north.page.goto(f"{north.origin}/intake")
    paste(north, ENGLISH)
    marks = north.page.locator("mark.span")
    expect(cards(north)).to_have_count(2)
    expect(marks.first).to_contain_text("A fire broke out")
    expect(north.page.locator("mark.offered")).to_contain_text("Ostrel fire brigade")
    north.page.keyboard.press("j")
    expect(north.page.locator("mark.offered")).to_contain_text("port office")
    north.page.keyboard.press("x")
    north.page.keyboard.press("k")
    north.page.keyboard.press("e")
    north.page.keyboard.press("Control+a")
    north.page.keyboard.type("Fire in a tannery")
    north.page.keyboard.press("Escape")
    north.page.get_by_role("button", name="Take", exact=True).click()
    expect(cards(north).first).to_contain_text("taken")
    expect(cards(north).last).to_contain_text("left")
    expect(north.page.get_by_text("Ferry aground")).to_have_count(0)
    north.page.get_by_role("button", name="Show the rest").click()
    expect(north.page.get_by_text("Ferry aground")).to_be_visible()


TWO_SAY = """A fire broke out in the mill at Ostrel on 2 March 2026, Northwire said, citing the Ostrel fire brigade."""


@pytest.mark.parametrize("language", ["en", "ar"])
def test_who_is_not_sure_is_offered_and_taken_by_one_key_or_a_click_or_left_blank(
    north: Console, language: str, pictures: Path
) -> None:
    page = north.page
    north.speak(language)
    page.goto(f"{north.origin}/intake")
    paste(north, "", TWO_SAY)
    expect(cards(north)).to_have_count(1)
    root, speaker = page.locator("#root-0"), page.locator("#speaker-0")
    offers = cards(north).locator(".offers button")
    expect(root).to_have_value("")
    expect(speaker).to_have_value("")
    expect(page.locator("mark.offered").first).to_be_visible()
    expect(page.locator("mark.root")).to_have_count(0)
    assert north.faults() == []
    page.screenshot(path=pictures / f"intake-offered-{language}-dark.png")

    page.keyboard.press("o")
    expect(offers.first).to_have_attribute("aria-pressed", "true")
    expect(root).to_have_value("Ostrel fire brigade")
    expect(page.locator("mark.root")).to_contain_text("Ostrel fire brigade")
    assert north.faults() == []
    page.screenshot(path=pictures / f"intake-offer-taken-{language}-dark.png")
    for _ in range(offers.count()):
        page.keyboard.press("o")
    expect(root).to_have_value("")
    expect(offers.locator("[aria-pressed=true]")).to_have_count(0)

    offers.first.click()
    expect(root).to_have_value("Ostrel fire brigade")
    offers.first.click()
    expect(root).to_have_value("")
    north.look("light")
    assert north.faults() == []
    page.screenshot(path=pictures / f"intake-offered-{language}-light.png")
    north.look("dark")
    page.locator("h1").first.click()
    Keys(north)("a", "B", "Tab", "3", "Control+Enter")
    expect(page).to_have_url(re.compile("/compose$"))
    expect(page.locator("input:focus")).to_have_value(re.compile("."))
    Keys(north)("Tab", "Tab", "ArrowDown")
    expect(page.locator("button.main:enabled").last).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile("/items/"))
    item = north.quartet("show", page.url.rsplit("/", 1)[1])["body"]
    assert item["form"]["events"][0].get("roots", []) == []
    assert "brigade\n" not in item["text"]


def test_what_hides_in_a_text_is_shown_by_its_name_and_moves_nothing(north: Console, pictures: Path) -> None:
    north.page.goto(f"{north.origin}/intake")
    paste(
        north,
        "",
        "The Ostrel fire brigade said a fire broke out at Ostrel.\u202eyllatot\u202c Three\u200b people were hurt.",
    )
    expect(cards(north)).to_have_count(1)
    source = north.page.get_by_role("region", name="The original")
    expect(source).to_contain_text("RIGHT-TO-LEFT OVERRIDE")
    expect(source).to_contain_text("ZERO WIDTH SPACE")
    assert "\u202e" not in (source.text_content() or "")
    north.page.screenshot(path=pictures / "intake-hides-dark.png")


def test_what_cannot_be_read_is_told_and_another_may_be_pasted(north: Console) -> None:
    north.page.goto(f"{north.origin}/intake")
    paste(north, "", "The members of the committee will meet on Thursday and bring the books that they have read.")
    expect(north.page.get_by_text("tells of no event")).to_be_visible()
    north.page.get_by_role("button", name="Another one").click()
    expect(north.page.locator("textarea")).to_be_visible()
    paste(north, "", "Bei einem Brand in einer Gerberei am Nordkai wurden am Sonntag drei Arbeiter verletzt.")
    expect(north.page.get_by_text("in none that is read")).to_be_visible()


FIGURES = """An explosion in the grain silo at Ostrel on 2 March 2026 killed two people and injured five,
the Ostrel fire brigade said."""
FIGURES_AR = """قالت بلدية الميناء إن انفجاراً وقع يوم الأحد في الميناء وأدى إلى مقتل شخصين وإصابة خمسة آخرين."""


@pytest.mark.parametrize(("language", "text"), [("en", FIGURES), ("ar", FIGURES_AR)], ids=["en", "ar"])
def test_every_figure_of_an_event_is_shown_with_its_words_and_carried(
    north: Console, language: str, text: str, pictures: Path
) -> None:
    north.speak(language)
    north.page.goto(f"{north.origin}/intake")
    paste(north, "", text)
    figures = cards(north).locator(".count")
    expect(figures).to_have_count(2)
    words = north.page.locator(".count q").all_inner_texts()
    marked = north.page.locator("mark.count").all_inner_texts()
    assert sorted(words) == sorted(marked)
    assert north.faults() == []
    north.page.screenshot(path=pictures / f"intake-figures-{language}-dark.png")
    north.look("light")
    assert north.faults() == []
    north.page.screenshot(path=pictures / f"intake-figures-{language}-light.png")
    north.look("dark")

    figures.last.locator("input").last.fill("9")
    north.page.locator("h1").first.click()
    press = Keys(north)
    press("a", "B", "Tab", "3", "Control+Enter")
    expect(north.page).to_have_url(re.compile("/compose$"))
    expect(north.page.locator("fieldset .count")).to_have_count(2)
    expect(north.page.locator("input:focus")).to_have_value(re.compile("."))
    press("Tab", "Tab", "ArrowDown")
    expect(north.page.locator("button.main:enabled").last).to_be_visible()
    press("Control+Enter")
    expect(north.page).to_have_url(re.compile("/items/"))

    (event,) = north.quartet("show", north.page.url.rsplit("/", 1)[1])["body"]["form"]["events"]
    found = {(one["least"], one["most"]) for one in event["counts"]}
    assert found in ({(2, 2), (5, 9)}, {(5, 5), (2, 9)})


def test_she_who_pastes_faster_than_her_node_reads_waits_and_is_answered(north: Console) -> None:
    page, refused = north.page, list[Route]()

    def reading(route: Route) -> None:
        if refused:
            route.continue_()
            return
        refused.append(route)
        body = {"reason": "too-many-requests", "detail": "costly: wait 3 s"}
        route.fulfill(status=429, headers={"Retry-After": "3"}, json=body)

    page.route("**/api/attachments/*/reading*", reading)
    page.goto(f"{north.origin}/intake")
    paste(north, "", FIGURES)

    expect(page.get_by_text("Your node asks for a pause; it reads on by itself.")).to_be_visible()
    expect(cards(north)).to_have_count(1)
    expect(page.get_by_role("alert")).to_have_count(0)
    assert len(refused) == 1


def known(console: Console) -> dict[str, str]:
    return {one.name: one.means for one in console.client.get("/aliases", AliasPage).aliases}


def say(console: Console, name: str, means: str | None) -> None:
    console.client.post("/aliases", Meant(name=name, means=means), AliasPage)


def test_a_name_put_right_is_remembered_only_if_she_says_so_and_then_suggested(north: Console, pictures: Path) -> None:
    page = north.page
    page.goto(f"{north.origin}/intake")
    paste(north, "", FIGURES)
    root = page.get_by_role("combobox", name="Who knew it first")
    remember = page.get_by_role("button", name="Remember:")
    expect(root).to_have_value("")
    page.keyboard.press("o")
    expect(root).to_have_value("Ostrel fire brigade")
    expect(remember).to_have_count(0)
    before = known(north)

    root.fill("Pompiers d’Ostrel")
    expect(remember).to_have_attribute("aria-pressed", "false")
    assert known(north) == before
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(remember).to_have_attribute("aria-pressed", "true")
    assert known(north) == before | {"the Ostrel fire brigade": "Pompiers d’Ostrel"}
    assert north.faults() == []
    page.screenshot(path=pictures / "intake-remember-en-dark.png")
    page.keyboard.press("Space")
    expect(remember).to_have_attribute("aria-pressed", "false")
    assert known(north) == before
    page.keyboard.press("Space")
    expect(remember).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("a")
    expect(cards(north)).to_contain_text("taken")

    page.get_by_role("button", name="Another one").click()
    paste(north, "", "The Ostrel Fire Brigade said that a fire broke out in the mill at Ostrel.")
    expect(page.locator("#speaker-0")).to_have_value("Pompiers d’Ostrel")
    expect(root).to_have_value("")
    page.keyboard.press("o")
    expect(root).to_have_value("Pompiers d’Ostrel")
    expect(remember).to_have_count(0)

    page.get_by_role("button", name="Another one").click()
    paste(north, "", "Les pompiers d'Ostrell ont indiqué qu'un incendie a éclaté dans le moulin d'Ostrel.")
    expect(root).to_have_value("")
    page.keyboard.press("o")
    expect(root).to_have_value("pompiers d'Ostrell")
    root.focus()
    expect(page.get_by_role("option", name="Pompiers d’Ostrel")).to_be_visible()
    page.screenshot(path=pictures / "intake-likely-en-dark.png")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(root).to_have_value("Pompiers d’Ostrel")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(remember).to_have_attribute("aria-pressed", "true")
    north.speak("ar")
    assert north.faults() == []
    page.screenshot(path=pictures / "intake-remember-ar-dark.png")
    for name in known(north).keys() - before.keys():
        say(north, name, None)


def test_what_cannot_be_remembered_is_told_and_the_correction_stays(north: Console) -> None:
    say(north, "Brandwache Ostrel", "Pompiers d’Ostrel")
    north.page.goto(f"{north.origin}/intake")
    paste(north, "", FIGURES)
    speaker = north.page.get_by_role("combobox", name="Who says it")
    expect(speaker).to_have_value(re.compile("Ostrel fire brigade"))
    speaker.fill("Brandwache Ostrel")

    north.page.get_by_role("button", name="Remember:").click()

    expect(north.page.get_by_role("alert")).to_contain_text("alias-chain")
    expect(north.page.get_by_role("button", name="Remember:")).to_have_attribute("aria-pressed", "false")
    expect(speaker).to_have_value("Brandwache Ostrel")
    say(north, "Brandwache Ostrel", None)


def test_what_else_names_the_same_is_shown_below_an_item_with_why(north: Console) -> None:
    said = "The port office said that a grain silo had exploded on the Ravigny quay in Port Mersol."
    told = "Un silo à grain a explosé sur le quai Ravigny, a déclaré la capitainerie de Port-Mersol."
    ref, other = (north.send(f"Silo {n}", text, to=[], tlp="CLEAR") for n, text in enumerate((said, told)))
    north.page.goto(f"{north.origin}/items/{ref}")

    north.page.get_by_role("button", name="What else is about this?").click()

    row = north.page.get_by_role("listitem").filter(has_text=other)
    expect(row).to_contain_text("Ravigny quay ~ quai Ravigny", timeout=4 * PATIENCE_MS)  # all is read the first time
    expect(north.page.get_by_role("button", name="Ask the embedder")).to_have_count(0)
