"""Who says it in French sentences, and who knew it first: what the words leave open stays open."""

import pytest
from saying_pages import Case, told

CASES = [
    Case(
        "Le pont d'Olbrac s'est effondré vendredi, a indiqué le ministère des Routes.",
        speaker="le ministère des Routes",
        root="le ministère des Routes",
    ),
    Case(
        "Selon la gendarmerie d'Olbrac, trois personnes sont blessées.",
        speaker="la gendarmerie d'Olbrac",
        root="la gendarmerie d'Olbrac",
    ),
    Case("Trois personnes sont blessées, selon la gendarmerie.", speaker="la gendarmerie", root="la gendarmerie"),
    Case(
        "D'après les pompiers de Haut-Olbrac, le moulin a brûlé.",
        speaker="les pompiers de Haut-Olbrac",
        root="les pompiers de Haut-Olbrac",
    ),
    Case(
        "Une source proche du général Conrad Vexel a affirmé que le dépôt avait été touché.",
        unnamed="Une source proche du général Conrad Vexel",
    ),
    Case(
        "Un proche du colonel Conrad Vexel, qui a requis l'anonymat, a déclaré que le dépôt avait été touché.",
        unnamed="Un proche du colonel Conrad Vexel",
    ),
    Case(
        "Selon un expert qui était assis à côté du général Conrad Vexel, deux roquettes sont tombées.",
        unnamed="un expert qui était assis à côté du général Conrad Vexel",
    ),
    Case(
        "Des témoins disent que le général Conrad Vexel avait quitté le dépôt avant l'explosion.", unnamed="Des témoins"
    ),
    Case(
        "Deux drones sont tombés près de la foire ouverte par le général Conrad Vexel, racontent des habitants.",
        unnamed="des habitants",
    ),
    Case(
        "Le général Conrad Vexel inaugurait la foire quand deux drones sont tombés, selon des habitants.",
        unnamed="des habitants",
    ),
    Case("La mairesse n'a rien dit."),
    Case(
        "Le maire d'Olbrac, Lucien Tarral, a déclaré que la route était coupée.",
        speaker="Lucien Tarral",
        root="Lucien Tarral",
    ),
    Case(
        "« La route est coupée », a déclaré Lucien Tarral, maire d'Olbrac.",
        speaker="Lucien Tarral",
        root="Lucien Tarral",
    ),
    Case("« La route est coupée », explique Lucien Tarral.", speaker="Lucien Tarral", root="Lucien Tarral"),
    Case(
        "Le commandant Rémi Fauquel, de la brigade fluviale, a précisé que la péniche avait coulé.",
        speaker="Rémi Fauquel",
        root="brigade fluviale",
    ),
    Case("La péniche a coulé, a précisé le commandant Rémi Fauquel.", speaker="Rémi Fauquel"),
    Case(
        "Un porte-parole de la préfecture a indiqué que la péniche avait coulé.",
        speaker="préfecture",
        root="préfecture",
    ),
    Case(
        "Rémi Fauquel, porte-parole de la préfecture, a indiqué que la péniche avait coulé.",
        speaker="Rémi Fauquel",
        root="préfecture",
    ),
    Case(
        "La porte-parole de la préfecture, Ruth Calvet, a indiqué que la péniche avait coulé.",
        speaker="Ruth Calvet",
        root="préfecture",
    ),
    Case(
        "Le barrage a cédé, rapporte le quotidien Vallée-Matin, citant l'agence Nordor, qui cite les secours.",
        speaker="les secours",
        root="les secours",
        relays=("agence Nordor", "le quotidien Vallée-Matin"),
    ),
    Case(
        "Le barrage a cédé, selon Radio Combe, qui cite la mairie d'Olbrac.",
        speaker="la mairie d'Olbrac",
        root="la mairie d'Olbrac",
        relays=("Radio Combe",),
    ),
    Case(
        "Radio Combe, citant une source militaire, affirme que le barrage a cédé.",
        unnamed="une source militaire",
        relays=("Radio Combe",),
    ),
    Case("L'armée dément qu'un obus soit tombé sur Olbrac.", speaker="L'armée", root="L'armée"),
    Case("La préfecture n'a ni confirmé ni infirmé l'explosion.", speaker="La préfecture", root="La préfecture"),
    Case("Le ministre Lucien Tarral n'a pas souhaité commenter l'explosion."),
    Case(
        "La grange a brûlé, a raconté l'agriculteur Hugues Farran à notre correspondant.",
        speaker="Hugues Farran",
        root="Hugues Farran",
    ),
    Case("Hugues Farran, agriculteur, raconte que la grange a brûlé.", speaker="Hugues Farran", root="Hugues Farran"),
    Case("Hugues Farran, 43 ans, raconte que la grange a brûlé.", speaker="Hugues Farran", root="Hugues Farran"),
    Case("Hugues Farran, qui n'était pas sur place, a entendu dire par des voisins que la grange avait brûlé."),
    Case(
        "Dans un communiqué, la capitainerie a annoncé la chute de la grue.",
        speaker="la capitainerie",
        root="la capitainerie",
    ),
    Case(
        "La grue est tombée, a annoncé la capitainerie dans un communiqué.",
        speaker="la capitainerie",
        root="la capitainerie",
    ),
    Case(
        "Un communiqué de la capitainerie annonce la chute de la grue.",
        speaker="la capitainerie",
        root="la capitainerie",
    ),
    Case(
        "La grue est tombée, selon un communiqué de la capitainerie.", speaker="la capitainerie", root="la capitainerie"
    ),
    Case(
        "Le chauffeur du général Conrad Vexel a dit que la grue était tombée.",
        unnamed="chauffeur du général Conrad Vexel",
    ),
    Case("L'épouse du général Conrad Vexel a dit que la grue était tombée.", unnamed="'épouse du général Conrad Vexel"),
    Case("En présence du général Conrad Vexel, un ingénieur a affirmé que le barrage fuyait.", unnamed="un ingénieur"),
    Case(
        "Interrogée sur le général Conrad Vexel, la préfecture a répondu que le barrage fuyait.",
        speaker="la préfecture",
        root="la préfecture",
    ),
    Case("Le maire et le général Conrad Vexel ont dit que le barrage fuyait."),
    Case("On dit que le général Conrad Vexel a vu le barrage céder."),
    Case("Le cadre, sous couvert d'anonymat, déplore l'absence du général Conrad Vexel.", unnamed="cadre"),
    Case("La police a dit au général Conrad Vexel que le barrage avait cédé.", speaker="La police", root="La police"),
    Case("Le général Conrad Vexel a appris d'un berger que le barrage avait cédé."),
    Case(
        "Une péniche a coulé, comme le rappelle le registre de l'écluse.",
        speaker="le registre de l'écluse",
        root="le registre de l'écluse",
    ),
    Case(
        "La directrice de la clinique, Ruth Calvet, a déclaré que neuf patients avaient été déplacés.",
        speaker="Ruth Calvet",
        root="clinique",
    ),
    Case(
        "Neuf patients ont été déplacés, a dit Ruth Calvet, directrice de la clinique d'Olbrac.",
        speaker="Ruth Calvet",
        root="clinique d'Olbrac",
    ),
    Case(
        "Le docteur Ruth Calvet a déclaré que neuf patients avaient été déplacés.",
        speaker="Ruth Calvet",
        root="Ruth Calvet",
    ),
    Case("Une explosion a retenti, a constaté notre correspondante.", root="La Gazette"),
    Case("Une explosion a retenti, a constaté un journaliste de l'agence Nordor.", root="agence Nordor"),
    Case("Le général Conrad Vexel, citant un analyste, a dit que le barrage avait cédé.", unnamed="un analyste"),
    Case("Une hydrologue a dit que le général Conrad Vexel jugeait le barrage sûr.", unnamed="Une hydrologue"),
    Case(
        "La préfecture d'Olbrac a dit à l'agence Nordor que cinq alpinistes manquaient.",
        speaker="La préfecture d'Olbrac",
        root="La préfecture d'Olbrac",
        relays=("agence Nordor",),
    ),
    Case("Ruth Calvet a vu la grange brûler."),
    Case("C'est ce qu'a annoncé la préfecture.", speaker="la préfecture", root="la préfecture"),
    Case("La cheffe des pompiers, Ruth Calvet, a dit que tout était éteint.", speaker="Ruth Calvet", root="pompiers"),
    Case(
        "À en croire le syndicat des bateliers, la péniche a coulé.",
        speaker="le syndicat des bateliers",
        root="le syndicat des bateliers",
    ),
    Case(
        "Le moulin a brûlé dans la nuit. Les pompiers ont dit que personne n'était dedans.",
        speaker="Les pompiers",
        root="Les pompiers",
    ),
    Case(
        "Le maire Lucien Tarral a visité le moulin. « Il était vide », a-t-il dit.",
        speaker="Lucien Tarral",
        root="Lucien Tarral",
    ),
    Case("Le maire Lucien Tarral a visité le moulin avec le meunier. « Il était vide », a-t-il dit."),
    Case("Un gardien a dit que le moulin était vide. « Je l'ai vérifié », a-t-il ajouté."),
    Case(
        "« Le moulin est perdu. Personne n'était dedans », a déclaré le maire Lucien Tarral.",
        speaker="Lucien Tarral",
        root="Lucien Tarral",
        sentence=0,
    ),
    Case(
        "Le lieutenant-colonel Hugues Farran, commandant du bataillon fluvial, a dit que la berge avait glissé.",
        speaker="Hugues Farran",
        root="bataillon fluvial",
    ),
    Case(
        "Le Premier ministre, Lucien Tarral, a annoncé la fin de l'alerte.",
        speaker="Lucien Tarral",
        root="Lucien Tarral",
    ),
    Case("Quarante camions étaient bloqués, ont dit des chauffeurs.", unnamed="des chauffeurs"),
    Case(
        "Quarante camions étaient bloqués, a dit le syndicat des chauffeurs.",
        speaker="le syndicat des chauffeurs",
        root="le syndicat des chauffeurs",
    ),
    Case(
        "Citant le syndicat des chauffeurs, Radio Combe rapporte que quarante camions étaient bloqués.",
        speaker="le syndicat des chauffeurs",
        root="le syndicat des chauffeurs",
        relays=("Radio Combe",),
    ),
    Case(
        "La radio Combe rapporte que quarante camions étaient bloqués.",
        speaker="La radio Combe",
        relays=("La radio Combe",),
    ),
    Case(
        "Selon l'agence de presse Nordor, quarante camions étaient bloqués.",
        speaker="agence de presse Nordor",
        root="agence de presse Nordor",
    ),
    Case("Le chef de la police, Hugues Farran, a parlé de deux noyés.", speaker="Hugues Farran", root="police"),
    Case("L'armée n'a pas dit qui avait tiré."),
    Case("Le berger Ludovic Marsh, 61 ans, dit avoir vu un éclair.", speaker="Ludovic Marsh", root="Ludovic Marsh"),
    Case("Ludovic Marsh, un berger d'Olbrac, dit avoir vu un éclair.", speaker="Ludovic Marsh", root="Ludovic Marsh"),
    Case("Un berger, Ludovic Marsh, dit avoir vu un éclair.", speaker="Ludovic Marsh", root="Ludovic Marsh"),
    Case("Ludovic Marsh a vu un éclair, a dit son voisin.", unnamed="son voisin"),
    Case(
        "Le Croissant-Rouge a dit que neuf personnes avaient été soignées.",
        speaker="Le Croissant-Rouge",
        root="Le Croissant-Rouge",
    ),
    Case("L'hôpital d'Olbrac a fait état de neuf blessés.", speaker="L'hôpital d'Olbrac", root="L'hôpital d'Olbrac"),
    Case(
        "Le cabinet du général a annoncé la chute d'un drone.",
        speaker="Le cabinet du général",
        root="Le cabinet du général",
    ),
    Case("Tarral, le maire, a dit qu'un drone était tombé."),
    Case("Le frère de Lucien Tarral a dit à la police qu'un drone était tombé.", unnamed="frère de Lucien Tarral"),
    Case(
        "Interrogé par la presse, le maire Lucien Tarral a confirmé la mort de deux hommes.",
        speaker="Lucien Tarral",
        root="Lucien Tarral",
    ),
    Case(
        "La police du lac, citée par Radio Combe, a parlé de deux noyés.",
        speaker="La police du lac",
        root="La police du lac",
        relays=("Radio Combe",),
    ),
    Case("Le lieutenant Rémi Fauquel et le maire Lucien Tarral ont confirmé l'incendie."),
    Case("C'est le maire, Lucien Tarral, qui l'a annoncé."),
    Case("La rumeur veut que Lucien Tarral ait vu l'explosion."),
    Case("Selon Lucien Tarral, maire d'Olbrac, la route est coupée.", speaker="Lucien Tarral", root="Lucien Tarral"),
    Case("Selon le maire d'Olbrac, la route est coupée.", speaker="le maire d'Olbrac", root="le maire d'Olbrac"),
    Case("Selon lui, la route est coupée."),
]


@pytest.mark.parametrize("case", CASES, ids=[case.text[:60] for case in CASES])
def test_a_sentence_in_french_gives_its_words_to_whom_it_names_and_nobody_else(case: Case) -> None:
    assert told(case, "fr") == case.expected
