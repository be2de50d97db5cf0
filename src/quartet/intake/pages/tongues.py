"""Tell in which of the five languages a text is written, by its letters and its commonest words; None where unsure.

Other languages of the same scripts are known by theirs, so that Urdu is not taken for Persian nor Spanish for French.
"""

from collections import Counter
from typing import Final

from quartet.intake.dates import Language
from quartet.intake.dates.spelling import Kind, tokens

MAX_LOOKED_AT: Final = 20_000
"""How many characters decide."""
_LEAST: Final = 3
"""How many common words a text of a Latin script must have."""
_WORDS: Final[dict[str, frozenset[str]]] = {
    name: frozenset(words.split())
    for name, words in {
        "en": "the of and to in is was for on that with at by it from were are his her he she they not be had has this "
        "which but an as said their its who what when where have been would there",
        "fr": "le la les de des du et un une dans est en que qui pour sur par au aux avec ce cette il elle ont été "
        "pas plus sont se ne son sa ses leur mais nous vous a été selon d l c j n qu s",
        "es": "el los las de del y en un una que por con para se su no es al lo como mas fue han esta pero sus",
        "de": "der die das und in den von zu mit ist auf fur im nicht ein eine dem des als auch sich wurde bei nach",
        "it": "il lo gli della delle di e in che un una per con non del dei nel sono ha al da alla piu si",
        "pt": "o os as da do das dos e em um uma que para com nao por no na se ao foi mais seu sua",
        "nl": "de het een en van in is dat op te voor met zijn niet aan er om ook door bij naar werd",
        "tr": "ve bir bu icin ile da de olarak olan gibi daha cok en ne var ise sonra kadar",
        "pl": "w i na z do nie sie jest to ze o jak po za od przez dla przy tym co ktory",
        "ro": "si in de la a cu pe un o din care pentru nu este ca mai au fost prin",
    }.items()
}
_PERSIAN: Final = frozenset("پچژگکی")
_ARABIC: Final = frozenset("ةىيكأإؤ")
_STRANGE_ARABIC: Final = frozenset("ٹڈڑےںھۓەێۆڤۇۈۋېټډړښڅځږګڼۍڵڕۅڭ")
_STRANGE_CYRILLIC: Final = frozenset("іїєґўјљњђћџѓќқғүұһәөңӣӯҷҳѕ")
_FA: Final = frozenset(
    [
        "است",
        "که",
        "را",
        "در",
        "از",
        "به",
        "این",
        "با",
        "آن",
        "برای",
        "شد",
        "کرد",
        "می",
        "های",
        "هم",
        "یک",
        "تا",
        "بر",
        "بود",
        "گفت",
        "شده",
        "نیست",
        "دو",
    ]
)
_AR: Final = frozenset(
    [
        "في",
        "من",
        "على",
        "ان",
        "الى",
        "التي",
        "الذي",
        "هذا",
        "هذه",
        "عن",
        "مع",
        "ما",
        "لا",
        "لم",
        "قد",
        "كان",
        "كما",
        "بعد",
        "قبل",
        "او",
        "ولا",
        "وقال",
        "هو",
        "هي",
    ]
)


def language_of(text: str, declared: str | None = None) -> Language | None:
    """Return the language of a text; what the page declares counts only where the letters fit and words are too few."""
    sample = text[:MAX_LOOKED_AT]
    scripts = Counter(_script(letter) for letter in sample if letter.isalpha())
    if not scripts:
        return None
    script, times = scripts.most_common(1)[0]
    if times < 0.5 * scripts.total():
        return None
    words = Counter(token.text for token in tokens(sample) if token.kind is Kind.WORD)
    said = (declared or "")[:2].lower()
    if script == "arabic":
        return _arabic(sample, words, said)
    if script == "cyrillic":
        return "ru" if _few(sample.lower(), _STRANGE_CYRILLIC, times) else None
    return _latin(words, said) if script == "latin" else None


def _script(letter: str) -> str:
    code = ord(letter)
    if code < 0x250 or 0x1E00 <= code < 0x1F00:
        return "latin"
    if 0x400 <= code < 0x530:
        return "cyrillic"
    return "arabic" if 0x600 <= code < 0x780 or 0xFB50 <= code < 0xFF00 else "other"


def _few(text: str, strange: frozenset[str], letters: int) -> bool:
    return sum(letter in strange for letter in text) <= 0.01 * letters


def _arabic(text: str, words: Counter[str], said: str) -> Language | None:
    if not _few(text, _STRANGE_ARABIC, len(text)):
        return None
    persian = sum(letter in _PERSIAN for letter in text) + 6 * _common(words, _SPELT_FA)
    arabic = sum(letter in _ARABIC for letter in text) + 6 * _common(words, _SPELT_AR)
    if persian == arabic:
        return said if said in ("ar", "fa") else None  # type: ignore[return-value]
    return "fa" if persian > arabic else "ar"


def _latin(words: Counter[str], said: str) -> Language | None:
    found = {name: _common(words, common) for name, common in _WORDS.items()}
    best = max(found, key=lambda name: found[name])
    second = max(times for name, times in found.items() if name != best)
    if found[best] < _LEAST or found[best] < 1.3 * second:
        return said if said in ("en", "fr") and found[said] * 1.3 >= found[best] else None  # type: ignore[return-value]
    return best if best in ("en", "fr") else None  # type: ignore[return-value]


def _common(words: Counter[str], common: frozenset[str]) -> int:
    return sum(times for word, times in words.items() if word in common)


def _spelt(words: frozenset[str]) -> frozenset[str]:
    return frozenset(token.text for word in words for token in tokens(word))


_SPELT_FA: Final = _spelt(_FA)
_SPELT_AR: Final = _spelt(_AR)
