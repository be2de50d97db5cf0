"""Each language by itself: a sentence, and the event, the place and the figures that it tells, or none."""

from datetime import date

import pytest

from quartet.intake.dates import Language
from quartet.intake.events import Happening, happenings
from quartet.intake.texts import Block, BlockKind, Page, Span

PUBLISHED = date(2026, 5, 22)
"""A Friday."""
Row = tuple[str, str, str, str]
"""The text; type and polarity; the place; what is counted."""
Told = tuple[str, str, str]
"""Type and polarity; the place; what is counted."""
ENGLISH: list[Row] = [
    ("A tanker truck caught fire on the Selby road on Tuesday.", "fire asserts", "Selby road", ""),
    ("Flames destroyed three houses in Marlow Green overnight.", "fire asserts", "Marlow Green", "buildings 3-3"),
    (
        "Firefighters are battling a wildfire near Oakhurst that has burned about 300 hectares.",
        "fire asserts",
        "Oakhurst",
        "hectares ~300-300",
    ),
    (
        "The Lune burst its banks at Kettle Ford, and 40 homes were flooded.",
        "flood asserts",
        "Kettle Ford",
        "buildings 40-40",
    ),
    (
        "Two explosions rocked the Brandon quarry, killing one worker and injuring at least six.",
        "explosion asserts",
        "Brandon quarry",
        "other 2-2 killed 1-1 injured 6-",
    ),
    (
        "A gas cylinder exploded in a bakery in Thornby, wounding between three and five people.",
        "explosion asserts",
        "Thornby",
        "injured 3-5",
    ),
    (
        "Eight mortar rounds landed near the school in Lower Haddon.",
        "shelling asserts",
        "Lower Haddon",
        "projectiles 8-8",
    ),
    (
        "Gunmen opened fire on a bus near Coldwater, killing two passengers.",
        "shooting asserts",
        "Coldwater",
        "killed 2-2",
    ),
    ("A drone was shot down over Fallow Bay.", "drone asserts", "Fallow Bay", ""),
    (
        "Soldiers crossed the border at Redgate and detained three shepherds.",
        "border_incident asserts",
        "Redgate",
        "detained 3-3",
    ),
    (
        "Around 2,500 customers lost power in East Marden after a transformer failed.",
        "power_cut asserts",
        "East Marden",
        "customers ~2500-2500",
    ),
    ("Residents of Pinfold were left without running water when a main burst.", "water_cut asserts", "Pinfold", ""),
    (
        "Mobile phone networks were down across Harland County for six hours.",
        "comms_outage asserts",
        "Harland County",
        "",
    ),
    ("The Stannard tunnel was closed in both directions.", "road_closure asserts", "Stannard tunnel", ""),
    (
        "A dinghy carrying 23 migrants capsized off Cape Wrenn; all were rescued.",
        "boat_distress asserts",
        "Cape Wrenn",
        "rescued 23-23",
    ),
    ("Hundreds of teachers marched through Aldmoor to demand back pay.", "protest asserts", "Aldmoor", "present 200-"),
    (
        "More than 60 residents were evacuated from a tower block in Fenwick.",
        "evacuation asserts",
        "Fenwick",
        "evacuated 60-",
    ),
    ("Part of the Dunmore footbridge collapsed into the river.", "bridge_damage asserts", "Dunmore footbridge", ""),
    (
        "The roof of a school gymnasium in Ashdale caved in; nobody was hurt.",
        "building_collapse asserts",
        "Ashdale",
        "injured 0-0",
    ),
    ("A landslide buried two cars on the Corrie pass.", "landslide asserts", "Corrie pass", "vehicles 2-2"),
    ("An earthquake of magnitude 4.1 shook Larkfield at dawn.", "earthquake asserts", "Larkfield", ""),
    ("A tornado tore the roofs off a dozen barns in Sedge Hollow.", "storm asserts", "Sedge Hollow", "buildings 12-12"),
    (
        "A coach overturned near Millbrook, leaving two dead and twenty-three injured.",
        "crash asserts",
        "Millbrook",
        "killed 2-2 injured 23-23",
    ),
    ("Some 5,000 litres of diesel spilled into the harbour at Portray.", "spill asserts", "Portray", ""),
    ("There was no explosion at the Brandon quarry, the council said.", "explosion denies", "Brandon quarry", ""),
    ("The ministry denied that a bridge had collapsed at Orley.", "bridge_damage denies", "Orley", ""),
    ("Police dismissed reports of a shooting at the Fenwick market as false.", "shooting denies", "Fenwick market", ""),
    ("If the dam bursts, the whole valley will be flooded.", "", "", ""),
    ("Was there an explosion at the quarry?", "", "", ""),
    ("The council plans to close the bridge in August.", "", "", ""),
    ("Experts warn of a landslide above the road.", "", "", ""),
    ("The fire drill at the school went well.", "", "", ""),
    ("The town marked the anniversary of the great flood.", "", "", ""),
    ("She asked whether the tunnel was closed.", "", "", ""),
    ("The brigade could have been shelled, an officer thought.", "", "", ""),
    ("An earlier version of this story said that three people were killed in the crash.", "", "", ""),
    ("The museum opened a show on the earthquake of her childhood.", "", "", ""),
    ("The minister spoke of grain prices.", "", "", ""),
]
FRENCH: list[Row] = [
    ("Un poids lourd a pris feu mardi sur la route de Valmont.", "fire asserts", "route de Valmont", ""),
    ("Les flammes ont détruit trois maisons à Montbrun dans la nuit.", "fire asserts", "Montbrun", "buildings 3-3"),
    ("L'incendie a ravagé environ 300 hectares près de Castelnoir.", "fire asserts", "Castelnoir", "hectares ~300-300"),
    (
        "La Veyre a débordé à Saint-Amour et 40 logements ont été inondés.",
        "flood asserts",
        "Saint-Amour",
        "buildings 40-40",
    ),
    (
        "Une explosion a soufflé la façade d'un immeuble à Rochebelle, faisant un mort et au moins six blessés.",
        "explosion asserts",
        "Rochebelle",
        "killed 1-1 injured 6-",
    ),
    (
        "Huit obus sont tombés près de l'école de Bellegarde.",
        "shelling asserts",
        "école de Bellegarde",
        "projectiles 8-8",
    ),
    (
        "Des hommes armés ont ouvert le feu sur un bus à Castelnoir, tuant deux passagers.",
        "shooting asserts",
        "Castelnoir",
        "killed 2-2",
    ),
    ("Un drone a été abattu au-dessus de Port-Salin.", "drone asserts", "Port-Salin", ""),
    (
        "Trois bergers ont été arrêtés après avoir franchi la frontière au col de Lierre.",
        "border_incident asserts",
        "col de Lierre",
        "detained 3-3",
    ),
    (
        "Près de 2 500 abonnés ont été privés d'électricité à Montbrun.",
        "power_cut asserts",
        "Montbrun",
        "customers ~2500-2500",
    ),
    ("Le village de Sorbiers est privé d'eau depuis lundi.", "water_cut asserts", "village de Sorbiers", ""),
    (
        "Une panne de réseau a coupé le téléphone dans le canton de Lierre.",
        "comms_outage asserts",
        "canton de Lierre",
        "",
    ),
    ("Le tunnel de la Combe a été fermé dans les deux sens.", "road_closure asserts", "tunnel de la Combe", ""),
    (
        "Un voilier s'est échoué au large de Port-Salin ; ses quatre occupants ont été secourus.",
        "boat_distress asserts",
        "Port-Salin",
        "rescued 4-4",
    ),
    ("Des centaines d'enseignants ont défilé à Montbrun.", "protest asserts", "Montbrun", "present 200-"),
    (
        "Plus de 60 habitants ont été évacués d'une tour à Rochebelle.",
        "evacuation asserts",
        "Rochebelle",
        "evacuated 60-",
    ),
    ("La passerelle de Brance s'est effondrée dans la rivière.", "bridge_damage asserts", "passerelle de Brance", ""),
    (
        "Le toit d'un gymnase s'est effondré à Sorbiers, sans faire de blessé.",
        "building_collapse asserts",
        "Sorbiers",
        "injured 0-0",
    ),
    (
        "Un éboulement a enseveli deux voitures sur la route de la Combe.",
        "landslide asserts",
        "route de la Combe",
        "vehicles 2-2",
    ),
    ("Un séisme de magnitude 4,1 a secoué Valmont à l'aube.", "earthquake asserts", "Valmont", ""),
    (
        "Une tornade a arraché les toits d'une douzaine de granges à Sorbiers.",
        "storm asserts",
        "Sorbiers",
        "buildings ~12-12",
    ),
    (
        "Un autocar s'est renversé près de Montbrun : deux morts et vingt-trois blessés.",
        "crash asserts",
        "Montbrun",
        "killed 2-2 injured 23-23",
    ),
    ("Du gazole s'est déversé dans le canal de Brance.", "spill asserts", "canal de Brance", ""),
    (
        "Il n'y a eu aucune explosion à la carrière de Brance, assure la mairie.",
        "explosion denies",
        "carrière de Brance",
        "",
    ),
    ("Le ministère dément qu'un pont se soit effondré à Orval.", "bridge_damage denies", "Orval", ""),
    ("La gendarmerie réfute toute fusillade au marché de Rochebelle.", "shooting denies", "marché de Rochebelle", ""),
    ("Si la digue cède, toute la vallée sera inondée.", "", "", ""),
    ("Y a-t-il eu une explosion à la carrière ?", "", "", ""),
    ("La commune prévoit de fermer le pont en août.", "", "", ""),
    ("Les experts craignent un glissement de terrain au-dessus de la route.", "", "", ""),
    ("L'exercice d'évacuation de l'école s'est bien passé.", "", "", ""),
    ("La ville a commémoré la grande inondation.", "", "", ""),
    ("Une première version de cet article faisait état de trois morts dans l'accident.", "", "", ""),
    ("La maire a parlé du prix du blé.", "", "", ""),
]
RUSSIAN: list[Row] = [
    ("Во вторник на трассе под Каменкой загорелся бензовоз.", "fire asserts", "Каменкой", ""),
    ("Огонь уничтожил три дома в посёлке Дальний.", "fire asserts", "посёлке Дальний", "buildings 3-3"),
    ("Пожар охватил около 300 гектаров леса близ Озерков.", "fire asserts", "Озерков", "hectares ~300-300"),
    (
        "Река Лозьва вышла из берегов, в селе Черемшанка подтоплено 40 домов.",
        "flood asserts",
        "селе Черемшанка",
        "buildings 40-40",
    ),
    (
        "На заводе в Каменке прогремел взрыв, погиб один рабочий, не менее шести человек ранены.",
        "explosion asserts",
        "Каменке",
        "killed 1-1 injured 6-",
    ),
    ("Восемь снарядов упали возле школы в Малиновке.", "shelling asserts", "Малиновке", "projectiles 8-8"),
    (
        "Неизвестные открыли огонь по автобусу у Каменки, убиты два пассажира.",
        "shooting asserts",
        "Каменки",
        "killed 2-2",
    ),
    ("Над Озерками сбит беспилотник.", "drone asserts", "Озерками", ""),
    (
        "Трое пастухов задержаны на границе у села Черемшанка.",
        "border_incident asserts",
        "села Черемшанка",
        "detained 3-3",
    ),
    ("Около 2500 абонентов остались без света в Малиновке.", "power_cut asserts", "Малиновке", "customers ~2500-2500"),
    ("Жители Малиновки остались без воды из-за прорыва трубы.", "water_cut asserts", "Малиновки", ""),
    ("В Каменском районе на шесть часов пропал интернет.", "comms_outage asserts", "Каменском районе", ""),
    ("Со вторника Лозьвинский тоннель закрыт в обоих направлениях.", "road_closure asserts", "Лозьвинский тоннель", ""),
    (
        "Лодка с рыбаками перевернулась у мыса Тихий, спасены четыре человека.",
        "boat_distress asserts",
        "мыса Тихий",
        "rescued 4-4",
    ),
    ("Сотни учителей вышли на митинг в Каменке.", "protest asserts", "Каменке", "present 200-"),
    ("Более 60 жителей эвакуировали из дома в Малиновке.", "evacuation asserts", "Малиновке", "evacuated 60-"),
    ("В Озерках обрушился пешеходный мост.", "bridge_damage asserts", "Озерках", ""),
    (
        "В Малиновке обрушилась крыша спортзала, никто не пострадал.",
        "building_collapse asserts",
        "Малиновке",
        "injured 0-0",
    ),
    ("Оползень засыпал две машины на перевале Синий.", "landslide asserts", "перевале Синий", "vehicles 2-2"),
    ("На рассвете в Озерках произошло землетрясение магнитудой 4,1.", "earthquake asserts", "Озерках", ""),
    ("Ураган сорвал крыши с двенадцати сараев в Черемшанке.", "storm asserts", "Черемшанке", "buildings 12-12"),
    (
        "Под Каменкой перевернулся автобус: двое погибли, двадцать три человека ранены.",
        "crash asserts",
        "Каменкой",
        "killed 2-2 injured 23-23",
    ),
    ("В реку Лозьву вытекла солярка.", "spill asserts", "реку Лозьву", ""),
    (
        "Никакого взрыва в карьере Северный не было, заявили в администрации.",
        "explosion denies",
        "карьере Северный",
        "",
    ),
    ("Министерство опровергло обрушение моста в Орловке.", "bridge_damage denies", "Орловке", ""),
    ("Полиция назвала ложью сообщения о стрельбе на рынке в Малиновке.", "shooting denies", "Малиновке", ""),
    ("Если дамбу прорвёт, затопит всю долину.", "", "", ""),
    ("Был ли взрыв в карьере?", "", "", ""),
    ("Мост планируют закрыть в августе.", "", "", ""),
    ("Специалисты предупреждают об угрозе оползня.", "", "", ""),
    ("Учебная эвакуация школы прошла успешно.", "", "", ""),
    ("Город отметил годовщину наводнения.", "", "", ""),
    ("В первой версии статьи говорилось о трёх погибших в аварии.", "", "", ""),
    ("Министр говорил о ценах на зерно.", "", "", ""),
]
ARABIC: list[Row] = [
    ("اندلع حريق في مستودع للأخشاب في بلدة عين الرمانة يوم الثلاثاء.", "fire asserts", "بلدة عين الرمانة", ""),
    ("التهمت النيران ثلاثة منازل في قرية الزيتونة.", "fire asserts", "قرية الزيتونة", "buildings 3-3"),
    ("أتت الحرائق على نحو 300 هكتار قرب بلدة الصنوبر.", "fire asserts", "بلدة الصنوبر", "hectares ~300-300"),
    ("فاض نهر الأعوج وغمرت المياه أربعين منزلاً في قرية الزيتونة.", "flood asserts", "قرية الزيتونة", "buildings 40-40"),
    (
        "هز انفجار مقلع الحجر في بلدة الصنوبر وقتل عامل وأصيب ستة أشخاص على الأقل.",
        "explosion asserts",
        "مقلع الحجر",
        "injured 6- killed 1-1",
    ),
    ("سقطت ثماني قذائف قرب مدرسة الزيتونة.", "shelling asserts", "مدرسة الزيتونة", "projectiles 8-8"),
    ("أطلق مسلحون النار على حافلة في بلدة الصنوبر فقتل راكبان.", "shooting asserts", "بلدة الصنوبر", "killed 2-2"),
    ("أُسقطت طائرة مسيّرة فوق ميناء السلام.", "drone asserts", "ميناء السلام", ""),
    (
        "اجتاز ثلاثة رعاة الحدود عند معبر الوادي فاحتجزهم الحرس.",
        "border_incident asserts",
        "معبر الوادي",
        "detained 3-3",
    ),
    ("انقطعت الكهرباء عن حوالي 2500 مشترك في حي الورود.", "power_cut asserts", "حي الورود", "customers ~2500-2500"),
    ("انقطعت المياه عن قرية الزيتونة منذ الاثنين.", "water_cut asserts", "قرية الزيتونة", ""),
    ("تعطلت شبكة الهاتف في محافظة السهل ست ساعات.", "comms_outage asserts", "محافظة السهل", ""),
    ("أُغلق نفق الجبل في الاتجاهين.", "road_closure asserts", "نفق الجبل", ""),
    ("انقلب قارب صيد قبالة جزيرة النورس وأُنقذ أربعة بحارة.", "boat_distress asserts", "جزيرة النورس", "rescued 4-4"),
    ("تظاهر مئات المعلمين في ساحة الحرية.", "protest asserts", "ساحة الحرية", "present 200-"),
    ("أُجلي أكثر من ستين ساكناً من برج النخيل.", "evacuation asserts", "برج النخيل", "evacuated 60-"),
    ("انهار جسر الخشب فوق النهر.", "bridge_damage asserts", "جسر الخشب", ""),
    ("انهار سقف مدرسة في قرية الزيتونة ولم يصب أحد.", "building_collapse asserts", "قرية الزيتونة", "injured 0-0"),
    ("طمر انزلاق للتربة سيارتين على طريق الجبل.", "landslide asserts", "طريق الجبل", "vehicles 2-2"),
    ("ضرب زلزال بقوة 4.1 درجات بلدة الصنوبر فجراً.", "earthquake asserts", "بلدة الصنوبر", ""),
    ("اقتلعت عاصفة عشرات الأشجار في قرية الزيتونة.", "storm asserts", "قرية الزيتونة", "other 20-"),
    (
        "انقلبت حافلة قرب بلدة الصنوبر وقتل شخصان وأصيب ثلاثة وعشرون راكباً.",
        "crash asserts",
        "بلدة الصنوبر",
        "injured 23-23 killed 2-2",
    ),
    ("تسربت كميات من المازوت إلى قناة السلام.", "spill asserts", "قناة السلام", ""),
    ("لم يقع أي انفجار في مقلع الصخرة، بحسب البلدية.", "explosion denies", "مقلع الصخرة", ""),
    ("نفت الوزارة انهيار جسر الخشب.", "bridge_damage denies", "جسر الخشب", ""),
    ("لا صحة لما قيل عن إطلاق نار في سوق السمك.", "shooting denies", "سوق السمك", ""),
    ("إذا انهار السد فستغرق القرى كلها.", "", "", ""),
    ("هل وقع انفجار في المقلع؟", "", "", ""),
    ("تعتزم البلدية إغلاق الجسر في آب.", "", "", ""),
    ("حذر خبراء من انهيار صخري فوق الطريق.", "", "", ""),
    ("جرت مناورة إخلاء في المدرسة بنجاح.", "", "", ""),
    ("أحيت المدينة ذكرى الفيضان الكبير.", "", "", ""),
    ("ورد في نسخة سابقة أن ثلاثة قتلوا في الحادث.", "", "", ""),
    ("تحدث الوزير عن أسعار القمح.", "", "", ""),
]
PERSIAN: list[Row] = [
    ("سه‌شنبه یک تانکر سوخت در جادهٔ گلزار آتش گرفت.", "fire asserts", "جادهٔ گلزار", ""),
    ("آتش‌سوزی سه خانه را در روستای سبزدره ویران کرد.", "fire asserts", "روستای سبزدره", "buildings 3-3"),
    ("حدود ۳۰۰ هکتار از جنگل بلوطستان در آتش سوخت.", "fire asserts", "جنگل بلوطستان", "hectares ~300-300"),
    ("رودخانه طغیان کرد و چهل خانه در روستای سبزدره زیر آب رفت.", "flood asserts", "روستای سبزدره", "buildings 40-40"),
    (
        "انفجاری در معدن سنگ‌چال رخ داد و یک کارگر کشته و دست‌کم شش نفر زخمی شدند.",
        "explosion asserts",
        "معدن سنگ‌چال",
        "killed 1-1 injured 6-",
    ),
    ("هشت خمپاره نزدیک مدرسهٔ سبزدره فرود آمد.", "shelling asserts", "مدرسهٔ سبزدره", "projectiles 8-8"),
    (
        "افراد مسلح در محور گلزار به سوی اتوبوس تیراندازی کردند و دو مسافر کشته شدند.",
        "shooting asserts",
        "محور گلزار",
        "killed 2-2",
    ),
    ("یک پهپاد بر فراز بندر نیل‌آب سرنگون شد.", "drone asserts", "بندر نیل‌آب", ""),
    (
        "مرزبانان سه چوپان را در گذرگاه تیزکوه بازداشت کردند.",
        "border_incident asserts",
        "گذرگاه تیزکوه",
        "detained 3-3",
    ),
    ("برق حدود ۲۵۰۰ مشترک در محلهٔ سروستان قطع شد.", "power_cut asserts", "محلهٔ سروستان", "customers ~2500-2500"),
    ("آب روستای سبزدره از دوشنبه قطع شده است.", "water_cut asserts", "روستای سبزدره", ""),
    ("اینترنت در شهرستان گلزار شش ساعت قطع شد.", "comms_outage asserts", "شهرستان گلزار", ""),
    ("تونل تیزکوه در هر دو مسیر بسته شد.", "road_closure asserts", "تونل تیزکوه", ""),
    (
        "قایقی نزدیک جزیرهٔ مرجان واژگون شد و چهار ماهیگیر نجات یافتند.",
        "boat_distress asserts",
        "جزیرهٔ مرجان",
        "rescued 4-4",
    ),
    ("صدها آموزگار در میدان آزادگان تجمع کردند.", "protest asserts", "میدان آزادگان", "present 200-"),
    ("بیش از شصت نفر از برج نگین تخلیه شدند.", "evacuation asserts", "برج نگین", "evacuated 60-"),
    ("پل چوبین فروریخت.", "bridge_damage asserts", "پل چوبین", ""),
    (
        "سقف مدرسه‌ای در روستای سبزدره فروریخت و کسی آسیب ندید.",
        "building_collapse asserts",
        "روستای سبزدره",
        "injured 0-0",
    ),
    ("رانش زمین دو خودرو را در جادهٔ تیزکوه مدفون کرد.", "landslide asserts", "جادهٔ تیزکوه", "vehicles 2-2"),
    ("زمین‌لرزه‌ای به بزرگی ۴٫۱ شهر گلزار را لرزاند.", "earthquake asserts", "شهر گلزار", ""),
    ("توفان ده‌ها درخت را در روستای سبزدره از ریشه کند.", "storm asserts", "روستای سبزدره", "other 20-"),
    (
        "اتوبوسی در محور گلزار واژگون شد و دو نفر کشته و بیست و سه نفر زخمی شدند.",
        "crash asserts",
        "محور گلزار",
        "killed 2-2 injured 23-23",
    ),
    ("مازوت در کانال نیل‌آب نشت کرد.", "spill asserts", "کانال نیل‌آب", ""),
    ("شهرداری می‌گوید در معدن سنگ‌چال هیچ انفجاری رخ نداده است.", "explosion denies", "معدن سنگ‌چال", ""),
    ("وزارت راه فروریختن پل چوبین را تکذیب کرد.", "bridge_damage denies", "پل چوبین", ""),
    ("پلیس خبر تیراندازی در بازار ماهی را نادرست خواند.", "shooting denies", "بازار ماهی", ""),
    ("اگر سد بشکند، همهٔ دره زیر آب می‌رود.", "", "", ""),
    ("آیا در معدن انفجار رخ داد؟", "", "", ""),
    ("قرار است پل در مرداد بسته شود.", "", "", ""),
    ("کارشناسان از خطر رانش زمین خبر دادند.", "", "", ""),
    ("مانور تخلیهٔ مدرسه با موفقیت برگزار شد.", "", "", ""),
    ("شهر سالگرد سیل بزرگ را گرامی داشت.", "", "", ""),
    ("در نسخهٔ پیشین این خبر آمده بود که سه نفر در تصادف کشته شدند.", "", "", ""),
    ("وزیر دربارهٔ بهای گندم سخن گفت.", "", "", ""),
]
ROWS: dict[Language, list[Row]] = {"en": ENGLISH, "fr": FRENCH, "ru": RUSSIAN, "ar": ARABIC, "fa": PERSIAN}


def page(text: str, language: Language) -> Page:
    """Return a page of one paragraph."""
    return Page(
        text=text,
        blocks=(Block(place=Span(0, len(text)), kind=BlockKind.BODY),),
        language=language,
        published=PUBLISHED,
    )


def counted(one: Happening) -> str:
    """Return the figures of an event in short."""
    told = (f"{t.what.value} {'~' * t.approx}{t.low}-{'' if t.high is None else t.high}" for t in one.counts)
    return " ".join(told)


def short(text: str, language: Language) -> list[Told]:
    """Return the events of a text in short."""
    return [
        (f"{one.type.value} {one.polarity.value}", one.place.span.of(text) if one.place else "", counted(one))
        for one in happenings(page(text, language))
    ]


def figures(words: str) -> list[tuple[str, ...]]:
    """Return figures that are told in short, without regard to their order."""
    pieces = words.split()
    return sorted(zip(pieces[::2], pieces[1::2], strict=True))


def rows(table: dict[Language, list[Row]]) -> list[tuple[Language, Row]]:
    """Return the rows of all languages."""
    return [(language, row) for language, rows in table.items() for row in rows]


@pytest.mark.parametrize(("language", "row"), rows(ROWS), ids=lambda one: one if isinstance(one, str) else one[0][:40])
def test_a_sentence_tells_one_event_or_none(language: Language, row: Row) -> None:
    text, event, place, counts = row

    told = short(text, language)

    assert [(one[0], one[1]) for one in told] == ([(event, place)] if event else [])
    assert [figures(one[2]) for one in told] == ([figures(counts)] if event else [])
