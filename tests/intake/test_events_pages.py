"""Pages of several sentences: who denies finds what was told, a figure finds its event, what is told twice is one."""

from datetime import date

import pytest

from quartet.intake.dates import Language
from quartet.intake.events import Happening, happenings
from quartet.intake.texts import Block, BlockKind, Page, Span

Told = tuple[str, str, str, str]
"""Type and polarity; the days and the hour; what is counted; what is counted wrongly."""
PAGES: list[tuple[Language, str, list[Told]]] = [
    (
        "en",
        "Two villagers said that shells fell on Tuesday near Coldwater. The army called these claims untrue.",
        [("shelling asserts", "2026-05-19", "", ""), ("shelling denies", "2026-05-19", "", "")],
    ),
    (
        "en",
        "A fire broke out in a mill at Orley at 14:20 on Wednesday. Three people were hurt. "
        "The same evening a lorry overturned on the Selby road; nobody was hurt.",
        [("fire asserts", "2026-05-20 14:20", "injured 3-3", ""), ("crash asserts", "2026-05-20", "injured 0-0", "")],
    ),
    (
        "en",
        "A man in the market said that a bridge had collapsed at Orley. We could not confirm this.",
        [("bridge_damage unclear", "", "", "")],
    ),
    (
        "en",
        "A drone crashed at Fallow Bay on 18 May. The ministry would neither confirm nor deny it.",
        [("drone asserts", "2026-05-18", "", ""), ("drone unclear", "2026-05-18", "", "")],
    ),
    (
        "en",
        "A bus overturned at Millbrook on Monday and four people were injured. The figure of nine injured is wrong.",
        [("crash asserts", "2026-05-18", "injured 4-4", "injured 9-9")],
    ),
    (
        "en",
        "On Monday a flood cut the road at Pell. The day after, a landslide buried a van near Corrie.",
        [("flood asserts", "2026-05-18", "", ""), ("landslide asserts", "2026-05-19", "", "")],
    ),
    (
        "fr",
        "Selon deux villageois, des obus sont tombés mardi près de Froidval. L'armée dément ces affirmations.",
        [("shelling asserts", "2026-05-19", "", ""), ("shelling denies", "2026-05-19", "", "")],
    ),
    (
        "fr",
        "Un incendie s'est déclaré mercredi à 14h20 dans un moulin d'Orval. Trois personnes ont été blessées. "
        "Le même soir, un camion s'est renversé sur la route de Selve ; personne n'a été blessé.",
        [("fire asserts", "2026-05-20 14:20", "injured 3-3", ""), ("crash asserts", "2026-05-20", "injured 0-0", "")],
    ),
    (
        "fr",
        "Un homme affirme au marché qu'un pont s'est effondré à Orval. Nous n'avons pas pu vérifier.",
        [("bridge_damage unclear", "", "", "")],
    ),
    (
        "fr",
        "Un drone s'est écrasé à Port-Salin le 18 mai. Le ministère ne confirme ni ne dément.",
        [("drone asserts", "2026-05-18", "", ""), ("drone unclear", "2026-05-18", "", "")],
    ),
    (
        "fr",
        "Un autocar s'est renversé lundi à Montbrun et quatre personnes ont été blessées. "
        "Le chiffre de neuf blessés est faux.",
        [("crash asserts", "2026-05-18", "injured 4-4", "injured 9-9")],
    ),
    (
        "ru",
        "По словам двух сельчан, во вторник возле Малиновки упали снаряды. В армии назвали эти сообщения ложью.",
        [("shelling asserts", "2026-05-19", "", ""), ("shelling denies", "2026-05-19", "", "")],
    ),
    (
        "ru",
        "В среду в 14:20 на мельнице в Орловке вспыхнул пожар. Пострадали три человека. "
        "Тем же вечером на трассе у Каменки перевернулся грузовик, никто не пострадал.",
        [("fire asserts", "2026-05-20 14:20", "injured 3-3", ""), ("crash asserts", "2026-05-20", "injured 0-0", "")],
    ),
    (
        "ru",
        "Мужчина на рынке сказал, что в Орловке обрушился мост. Подтвердить это мы не смогли.",
        [("bridge_damage unclear", "", "", "")],
    ),
    (
        "ru",
        "18 мая в Озерках упал беспилотник. В министерстве это не подтвердили и не опровергли.",
        [("drone asserts", "2026-05-18", "", ""), ("drone unclear", "2026-05-18", "", "")],
    ),
    (
        "ru",
        "В понедельник под Каменкой перевернулся автобус, ранены четыре человека. "
        "Сообщения о девяти раненых не соответствуют действительности.",
        [("crash asserts", "2026-05-18", "injured 4-4", "injured 9-9")],
    ),
    (
        "ar",
        "قال قرويان إن قذائف سقطت يوم الثلاثاء قرب بلدة الماء. ونفى الجيش هذه الأنباء.",
        [("shelling asserts", "2026-05-19", "", ""), ("shelling denies", "2026-05-19", "", "")],
    ),
    (
        "ar",
        "اندلع حريق في مطحنة بلدة أورل يوم الأربعاء الساعة 14:20. وأصيب ثلاثة أشخاص. "
        "وفي اليوم نفسه انقلبت شاحنة على طريق السهل ولم يصب أحد.",
        [("fire asserts", "2026-05-20 14:20", "injured 3-3", ""), ("crash asserts", "2026-05-20", "injured 0-0", "")],
    ),
    (
        "ar",
        "قال رجل في السوق إن جسراً انهار في بلدة أورل. ولم نتمكن من التحقق من ذلك.",
        [("bridge_damage unclear", "", "", "")],
    ),
    (
        "ar",
        "سقطت طائرة مسيّرة في 18 أيار في بلدة الصنوبر. ولم تؤكد الوزارة ذلك ولم تنفه.",
        [("drone asserts", "2026-05-18", "", ""), ("drone unclear", "2026-05-18", "", "")],
    ),
    (
        "ar",
        "انقلبت حافلة يوم الاثنين قرب بلدة الصنوبر وأصيب أربعة أشخاص. وليس صحيحاً أن عدد الجرحى تسعة.",
        [("crash asserts", "2026-05-18", "injured 4-4", "injured 9-9")],
    ),
    (
        "fa",
        "دو روستایی گفتند سه‌شنبه چند گلولهٔ خمپاره نزدیک روستای سردآب فرود آمد. ارتش این خبر را تکذیب کرد.",
        [("shelling asserts", "2026-05-19", "projectiles 2-", ""), ("shelling denies", "2026-05-19", "", "")],
    ),
    (
        "fa",
        "چهارشنبه ساعت ۱۴:۲۰ آسیابی در شهر گلزار آتش گرفت. سه نفر زخمی شدند. "
        "همان شب کامیونی در جادهٔ تیزکوه واژگون شد و کسی آسیب ندید.",
        [("fire asserts", "2026-05-20 14:20", "injured 3-3", ""), ("crash asserts", "2026-05-20", "injured 0-0", "")],
    ),
    (
        "fa",
        "مردی در بازار گفت پلی در روستای سبزدره فروریخته است. نتوانستیم این را تأیید کنیم.",
        [("bridge_damage unclear", "", "", "")],
    ),
    (
        "fa",
        "۲۸ اردیبهشت پهپادی در بندر نیل‌آب سقوط کرد. وزارتخانه این را نه تأیید کرد و نه تکذیب.",
        [("drone asserts", "2026-05-18", "", ""), ("drone unclear", "2026-05-18", "", "")],
    ),
    (
        "fa",
        "دوشنبه اتوبوسی در محور گلزار واژگون شد و چهار نفر زخمی شدند. آمار نه زخمی درست نیست.",
        [("crash asserts", "2026-05-18", "injured 4-4", "injured 9-9")],
    ),
]


def page(text: str, language: Language, title: str = "") -> Page:
    """Return a page of a title and one paragraph."""
    whole = f"{title} {text}" if title else text
    blocks = [Block(place=Span(0, len(title)), kind=BlockKind.TITLE)] if title else []
    start = len(whole) - len(text)
    blocks.append(Block(place=Span(start, len(whole)), kind=BlockKind.BODY))
    return Page(text=whole, blocks=tuple(blocks), language=language, published=date(2026, 5, 22))


def short(one: Happening) -> Told:
    """Return an event in short."""
    days = "" if one.date is None or one.date.first is None else one.date.first.isoformat()
    when = " ".join(part for part in (days, one.time.at if one.time else "") if part)
    counts, wrong = (
        " ".join(f"{t.what.value} {t.low}-{'' if t.high is None else t.high}" for t in tallies)
        for tallies in (one.counts, one.denied_counts)
    )
    return f"{one.type.value} {one.polarity.value}", when, counts, wrong


@pytest.mark.parametrize(("language", "text", "told"), PAGES, ids=lambda one: one[:50] if isinstance(one, str) else "")
def test_a_page_tells_each_event_once(language: Language, text: str, told: list[Told]) -> None:
    assert [short(one) for one in happenings(page(text, language))] == told
