"""Who says it in English sentences, and who knew it first: what the words leave open stays open."""

import pytest
from saying_pages import Case, told

CASES = [
    Case(
        "The bridge at Ollerby fell on Friday, the Ministry of Roads said.",
        speaker="the Ministry of Roads",
        root="the Ministry of Roads",
    ),
    Case(
        "According to the district police, three people were hurt.",
        speaker="the district police",
        root="the district police",
    ),
    Case(
        "Three people were hurt, according to police in Ollerby.", speaker="police in Ollerby", root="police in Ollerby"
    ),
    Case(
        "The fire brigade of Upper Ollerby reports that the mill burned down.",
        speaker="The fire brigade of Upper Ollerby",
        root="The fire brigade of Upper Ollerby",
    ),
    Case(
        "A source close to General Conrad Wexley said that the depot was hit.",
        unnamed="A source close to General Conrad Wexley",
    ),
    Case(
        "An aide to Colonel Conrad Wexley, who was not authorised to speak, said the depot was hit.",
        unnamed="An aide to Colonel Conrad Wexley",
    ),
    Case(
        "The depot was hit twice, an officer who served under General Conrad Wexley told the Ollerby Gazette.",
        unnamed="an officer who served under General Conrad Wexley",
    ),
    Case("Witnesses said General Conrad Wexley left the depot before the blast.", unnamed="Witnesses"),
    Case(
        "According to an expert who sat beside General Conrad Wexley, two rockets landed.",
        unnamed="an expert who sat beside General Conrad Wexley",
    ),
    Case("General Conrad Wexley opened the fair, and two drones came down nearby, residents say.", unnamed="residents"),
    Case(
        "Two drones fell near the fair that General Conrad Wexley opened, said a villager who asked not to be named.",
        unnamed="a villager who asked not to be named",
    ),
    Case(
        "One of the guards of General Conrad Wexley claimed that two drones came down.",
        unnamed="One of the guards of General Conrad Wexley",
    ),
    Case("Mayor Agnes Tolland said the road was closed.", speaker="Agnes Tolland", root="Agnes Tolland"),
    Case(
        "The mayor of Ollerby, Agnes Tolland, said that the road was closed.",
        speaker="Agnes Tolland",
        root="Agnes Tolland",
    ),
    Case(
        '"The road is closed," said Agnes Tolland, the mayor of Ollerby.', speaker="Agnes Tolland", root="Agnes Tolland"
    ),
    Case('"The road is closed," Agnes Tolland said.', speaker="Agnes Tolland", root="Agnes Tolland"),
    Case(
        "Inspector Ruth Calloway of the river police said the boat had sunk.",
        speaker="Ruth Calloway",
        root="river police",
    ),
    Case("A spokesman for the coastguard said the boat had sunk.", speaker="coastguard", root="coastguard"),
    Case(
        "Hugh Farrant, a spokesman for the coastguard, said the boat had sunk.",
        speaker="Hugh Farrant",
        root="coastguard",
    ),
    Case("Colonel Hugh Farrant said the shells fell at noon.", speaker="Hugh Farrant"),
    Case(
        "The dam burst, the daily Vale Courier reported, citing the wire Northpost, which quoted the rescue service.",
        speaker="the rescue service",
        root="the rescue service",
        relays=("the wire Northpost", "the daily Vale Courier"),
    ),
    Case(
        "The dam burst, Radio Vale reported, citing the Ollerby town hall.",
        speaker="the Ollerby town hall",
        root="the Ollerby town hall",
        relays=("Radio Vale",),
    ),
    Case(
        "Radio Vale, quoting a source in the army, said the dam burst.",
        unnamed="a source in the army",
        relays=("Radio Vale",),
    ),
    Case("The police did not say how many were hurt."),
    Case("The minister, Agnes Tolland, declined to comment on the blast."),
    Case("The army denied that any shell had fallen on Ollerby.", speaker="The army", root="The army"),
    Case(
        "Agnes Tolland, who was not there, said she had heard from neighbours that the barn burned.",
        speaker="Agnes Tolland",
        relays=("Agnes Tolland",),
    ),
    Case("The barn burned, farmer Hugh Farrant told this newspaper.", speaker="Hugh Farrant", root="Hugh Farrant"),
    Case(
        "Hugh Farrant, a farmer, told this newspaper that the barn burned.", speaker="Hugh Farrant", root="Hugh Farrant"
    ),
    Case("As the police said on Monday, the barn burned.", speaker="the police", root="the police"),
    Case("Police in Ollerby said two men drowned.", speaker="Police in Ollerby", root="Police in Ollerby"),
    Case(
        "In a statement, the Harbour Board said that the crane had fallen.",
        speaker="the Harbour Board",
        root="the Harbour Board",
    ),
    Case(
        "The crane fell, the Harbour Board said in a statement on Tuesday.",
        speaker="the Harbour Board",
        root="the Harbour Board",
    ),
    Case(
        "A statement by the Harbour Board said that the crane had fallen.",
        speaker="the Harbour Board",
        root="the Harbour Board",
    ),
    Case(
        "The crane fell at noon, according to a statement from the Harbour Board.",
        speaker="the Harbour Board",
        root="the Harbour Board",
    ),
    Case("General Conrad Wexley's driver said that the crane had fallen."),
    Case(
        "The wife of General Conrad Wexley said that the crane had fallen.", unnamed="The wife of General Conrad Wexley"
    ),
    Case("In the presence of General Conrad Wexley, an engineer said the dam leaks.", unnamed="an engineer"),
    Case("Asked about General Conrad Wexley, the police said the dam leaks.", speaker="the police", root="the police"),
    Case(
        "The report that General Conrad Wexley resigned is false, said the ministry.",
        speaker="the ministry",
        root="the ministry",
    ),
    Case("The mayor and General Conrad Wexley said the dam leaks."),
    Case("They say General Conrad Wexley saw the dam break."),
    Case("It was General Conrad Wexley, the police said, who called.", speaker="the police", root="the police"),
    Case(
        "The drone crashed, the official said on condition of anonymity, as General Conrad Wexley looked on.",
        unnamed="the official",
    ),
    Case("Someone told General Conrad Wexley that the dam broke.", unnamed="Someone"),
    Case("The police told General Conrad Wexley that the dam broke.", speaker="The police", root="The police"),
    Case("A letter to General Conrad Wexley says the dam broke."),
    Case("General Conrad Wexley was told by a shepherd that the dam broke."),
    Case("The log of the lock station records that a barge sank.", speaker="lock station", root="lock station"),
    Case("A barge sank, as recorded in the station log.", speaker="the station log", root="the station log"),
    Case(
        "The head of the clinic, Ruth Calloway, said nine patients were moved.", speaker="Ruth Calloway", root="clinic"
    ),
    Case(
        "Nine patients were moved, said Ruth Calloway, head of the clinic at Ollerby.",
        speaker="Ruth Calloway",
        root="clinic at Ollerby",
    ),
    Case("Dr Ruth Calloway said nine patients were moved.", speaker="Ruth Calloway", root="Ruth Calloway"),
    Case("An explosion was heard, our correspondent reports.", root="Ollerby Gazette"),
    Case("Villagers told General Conrad Wexley, the mayor said, that the dam broke.", unnamed="Villagers"),
    Case("An analyst, citing General Conrad Wexley, said the dam broke.", unnamed="An analyst"),
    Case("General Conrad Wexley, citing an analyst, said the dam broke.", unnamed="an analyst"),
    Case("A hydrologist said that General Conrad Wexley had declared the dam safe.", unnamed="A hydrologist"),
    Case("The claim by General Conrad Wexley that the dam broke was denied by the ministry."),
    Case("Police said that Ruth Calloway, 43, told them the barn burned."),
    Case("Ruth Calloway, 43, saw the barn burn."),
    Case(
        "Ollerby Mill burned down overnight. The fire service said nobody was inside.",
        speaker="The fire service",
        root="The fire service",
    ),
    Case(
        'Mayor Agnes Tolland visited the mill. "It was empty," she said.', speaker="Agnes Tolland", root="Agnes Tolland"
    ),
    Case('Mayor Agnes Tolland visited the mill with the miller. "It was empty," she said.'),
    Case('A guard said the mill was empty. "I checked it," he said.'),
    Case("Agnes Tolland met Ruth Calloway. She said the mill was empty."),
    Case("The ministry said the mill was empty. It said that it would be rebuilt."),
    Case(
        "Nothing burned, Agnes Tolland said. She added that she had slept well.",
        speaker="Agnes Tolland",
        root="Agnes Tolland",
    ),
    Case(
        '"The mill is gone. Nobody was inside," said Mayor Agnes Tolland.',
        speaker="Agnes Tolland",
        root="Agnes Tolland",
        sentence=0,
    ),
    Case(
        "A mill burned at Ollerby. This was reported by the district fire service.",
        speaker="the district fire service",
        root="the district fire service",
        sentence=0,
    ),
    Case("The police said the bus was empty and that nobody was hurt.", speaker="The police", root="The police"),
    Case(
        "Lieutenant Colonel Hugh Farrant, commander of the river battalion, said the bank had slipped.",
        speaker="Hugh Farrant",
        root="river battalion",
    ),
    Case(
        "The commander of the river battalion, Lt Col Hugh Farrant, said the bank had slipped.", speaker="Hugh Farrant"
    ),
    Case(
        "Prime Minister Agnes Tolland told parliament that the bank had slipped.",
        speaker="Agnes Tolland",
        root="Agnes Tolland",
    ),
    Case(
        "The Association of Ollerby Drivers said forty lorries were stuck.",
        speaker="The Association of Ollerby Drivers",
        root="The Association of Ollerby Drivers",
    ),
    Case("Forty lorries were stuck, drivers said.", unnamed="drivers"),
    Case("Forty lorries were stuck, the drivers' union said.", speaker="the drivers' union", root="the drivers' union"),
    Case(
        "Quoting the drivers' union, Radio Vale reported that forty lorries were stuck.",
        speaker="the drivers' union",
        root="the drivers' union",
        relays=("Radio Vale",),
    ),
    Case("Radio Vale reported that forty lorries were stuck.", speaker="Radio Vale", relays=("Radio Vale",)),
    Case(
        "The news agency Northpost reported that forty lorries were stuck.",
        speaker="The news agency Northpost",
        root="The news agency Northpost",
    ),
    Case("Police chief Hugh Farrant said two men drowned.", speaker="Hugh Farrant", root="Police"),
    Case("The fire brigade put the number of burned houses at five."),
    Case("It was not clear who fired, the army said.", speaker="the army", root="the army"),
    Case("Who fired? The army would not say."),
    Case("The army has not said who fired."),
    Case("If the dam breaks, the mayor said, the town will flood.", speaker="the mayor", root="the mayor"),
    Case("Shepherd Ludo Marsh, 61, said he saw a flash.", speaker="Ludo Marsh", root="Ludo Marsh"),
    Case("Ludo Marsh, a shepherd from Upper Ollerby, said he saw a flash.", speaker="Ludo Marsh", root="Ludo Marsh"),
    Case("A shepherd, Ludo Marsh, said he saw a flash.", speaker="Ludo Marsh", root="Ludo Marsh"),
    Case("Ludo Marsh saw a flash, his neighbour said.", unnamed="his neighbour"),
    Case("Ludo Marsh says his neighbour told him that a drone fell."),
    Case("The Red Crescent said nine people were treated.", speaker="The Red Crescent", root="The Red Crescent"),
    Case("Ollerby Hospital said nine people were treated.", speaker="Ollerby Hospital", root="Ollerby Hospital"),
    Case("Northern Command said a drone fell.", speaker="Northern Command", root="Northern Command"),
    Case("A statement from General Conrad Wexley's office said a drone fell."),
    Case("The general's office said a drone fell.", speaker="The general's office", root="The general's office"),
    Case("Tolland, the mayor, said a drone fell."),
    Case("A drone fell, says a note pinned to the door of Agnes Tolland."),
    Case(
        "The farmer whose barn burned, Hugh Farrant, said it was lightning.",
        speaker="Hugh Farrant",
        root="Hugh Farrant",
    ),
    Case("Agnes Tolland's brother told police that a drone fell.", unnamed="Agnes Tolland's brother"),
    Case("Police were told by Agnes Tolland that a drone fell."),
    Case("Agnes Tolland was quoted as saying that a drone fell.", speaker="Agnes Tolland", root="Agnes Tolland"),
    Case(
        "Three soldiers died, the defence ministry of the south announced on Tuesday evening.",
        speaker="the defence ministry of the south",
        root="the defence ministry of the south",
    ),
    Case(
        "Speaking to reporters, Mayor Agnes Tolland confirmed that two men drowned.",
        speaker="Agnes Tolland",
        root="Agnes Tolland",
    ),
    Case(
        "Mayor Agnes Tolland, speaking to reporters, confirmed that two men drowned.",
        speaker="Agnes Tolland",
        root="Agnes Tolland",
    ),
    Case(
        "Mayor Agnes Tolland, asked about the boats, said two men drowned.",
        speaker="Agnes Tolland",
        root="Agnes Tolland",
    ),
    Case("Radio Vale quoted Mayor Agnes Tolland as saying that two men drowned."),
    Case(
        "The lake police, quoted by Radio Vale, said two men drowned.",
        speaker="The lake police",
        root="The lake police",
        relays=("Radio Vale",),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[case.text[:60] for case in CASES])
def test_a_sentence_in_english_gives_its_words_to_whom_it_names_and_nobody_else(case: Case) -> None:
    assert told(case, "en") == case.expected
