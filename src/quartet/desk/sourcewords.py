"""Words that tell how something is known, months, and small words that name nothing, in the five languages.

They are for comparison, in the one spelling of `tokens`. A word that is missing is not pointed at: add it.
"""

from collections.abc import Iterable
from typing import Final

from quartet.desk.tokens import fold_letter


def _spelt(words: str) -> frozenset[str]:
    return frozenset("".join(map(fold_letter, word)) for word in words.split())


_SAW: Final = _spelt("""
    saw seen see sees sighted sighting spotted observed observer witness witnessed witnesses eyewitness patrol
    vu vue vus vues voit aperçu aperçue observé observée observateur témoin témoins patrouille
    видел видела видели увидел увидели видно наблюдал наблюдали наблюдатель очевидец очевидцы свидетель патруль
    رأى رأت رأوا شاهد شاهدت شاهدوا شوهد شوهدت لوحظ مراقب شهود عيان دورية
    دید دیدند دیده مشاهده شاهد شاهدان گشت
""")
_HEARD: Final = _spelt("""
    heard hear hears overheard audible intercept intercepted intercepts
    entendu entendue entendus entendent intercepté interceptée interception
    слышал слышала слышали услышал услышали слышно перехват перехвачено перехватили
    سمع سمعت سمعوا سماع اعترض التنصت
    شنید شنیدند شنیده شنود
""")
_CAMERA: Final = _spelt("""
    camera cameras cctv footage video videos photo photos photograph image images imagery satellite drone
    caméra caméras vidéo vidéos photographie image images satellite
    камера камеры камер видео фото фотография снимок снимки спутник
    كاميرا كاميرات فيديو صورة صور قمر صناعي
    دوربین ویدیو فیلم عکس تصویر تصاویر ماهواره
""")
_RADAR: Final = _spelt("""
    radar radars plot plots track tracked sonar radar pistage
    радар радары радаров радиолокатор гидролокатор
    رادار رادارات سونار
    رادار سونار
""")
_INSTRUMENT: Final = _spelt("""
    sensor sensors instrument instruments detector seismic acoustic telemetry measured measurement
    capteur capteurs instrument instruments détecteur sismique acoustique mesuré mesurée
    датчик датчики датчиков прибор приборы измерено измерили сейсмический акустический
    مستشعر مستشعرات جهاز أجهزة قياس كاشف
    حسگر حسگرها دستگاه اندازه سنجش
""")
_TOLD: Final = _spelt("""
    told tells said says source sources informant informants agent agents asset interview interviewed confided liaison
    dit disent raconté source sources informateur informateurs agent agents entretien confié liaison
    сказал сказала сказали рассказал рассказали источник источники источника информатор агент агенты агента беседа
    قال قالت قالوا أخبر أخبرت مصدر مصادر مخبر عميل عملاء مقابلة
    گفت گفتند منبع منابع خبرچین مأمور مصاحبه
""")
_PUBLISHED: Final = _spelt("""
    published publishes reported outlet outlets newspaper press website channel post posted broadcast agency tweet
    publié publiée publient journal presse site chaîne diffusé agence
    опубликовал опубликовано опубликовали сообщило газета пресса сайт канал агентство
    نشر نشرت صحيفة صحافة موقع قناة وكالة بث
    منتشر روزنامه مطبوعات سایت کانال خبرگزاری
""")
HOW_WORDS: Final[dict[str, frozenset[str]]] = {
    "SAW": _SAW,
    "HEARD": _HEARD,
    "CAMERA": _CAMERA,
    "RADAR": _RADAR,
    "INSTRUMENT": _INSTRUMENT,
    "TOLD": _TOLD,
    "PUBLISHED": _PUBLISHED,
}
"""By how something is known, as a report's form says it: the words that say so."""


def _all(words: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*words)


SOURCE_WORDS: Final = _all(HOW_WORDS.values())
"""Every word that says how something is known."""

MONTHS: Final = _spelt("""
    january february march april may june july august september october november december
    jan feb mar apr jun jul aug sep sept oct nov dec
    janvier février mars avril mai juin juillet août septembre octobre novembre décembre
    января февраля марта апреля мая июня июля августа сентября октября ноября декабря
    январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь
    يناير فبراير مارس أبريل إبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
    كانون شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين
    ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر
    فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند
""")
"""Months of the calendars in use, as they stand in a date."""

SMALL_WORDS: Final = _spelt("""
    the and for but not nor with from into onto over under this that these those there here where when what who whom
    which while was were are has have had its his her their our your they them she him you all any some each both
    les des une aux sur sous dans par pour avec sans que qui dont est sont ont ces ses son leur leurs nos vos mais
    elle ils elles nous vous cette cet pas plus
    что как это этот эта эти его для или при над под без она они оно мы вы был была были было есть нет там тут где
    когда который которая которые после перед также уже ещё ещe
    من في على إلى عن مع هذا هذه ذلك تلك التي الذي الذين كان كانت كما بعد قبل عند بين حتى لكن ليس قد كل أن إن لا ما هو هي
    از در به با که این آن را برای است بود شد شده می هم تا بر یا اما نیز هر یک ها های
""")
"""Words that name nothing, and so are no names even where a sentence begins with them."""
