"""The words of the `quartet` command in their order: where each command lives, and its line in `quartet --help`.

A command's module is loaded when its word is called. Its line stands here a second time, so that nothing is loaded for
the list; a test compares each with what the command says of itself.
"""

from typing import Final, NamedTuple


class Word(NamedTuple):
    """A word of the command line: its name, its command's `module:name` in this room, and its line of help."""

    name: str
    place: str
    line: str


WORDS: Final = (
    Word(
        "demo",
        "world:demo",
        "Tell the story: four members on this machine, one cut off, one item taken back, all verified.",
    ),
    Word(
        "new-exchange",
        "world:new_exchange",
        "Make a trial exchange, ready to start: keys, charter signed by all, settings, hub. The folder must be empty.",
    ),
    Word(
        "up",
        "world:up",
        "Run an exchange in the foreground, a process a member and hub; prints `ready` once all serve.",
    ),
    Word("serve", "world:serve", "Run one member's node, or one hub, in the foreground."),
    Word("status", "world:status", "Tell how a node is: links, lags, logs, alarms, versions."),
    Word("send", "send:send", "Publish an item, and print its reference."),
    Word("inbox", "reading:inbox", "List what this officer may see, most urgent first."),
    Word("search", "reading:search", "Search what this officer may see, in any script, the best first."),
    Word(
        "intake",
        "intake:intake",
        "Read an open source, and suggest what it tells; with --take, report the events that you take.",
    ),
    Word(
        "translate",
        "translate:translate",
        "Have an item translated by the server of the settings, if the gate lets it go there.",
    ),
    Word("show", "reading:show", "Show one item whole, with where it comes from and its place on the record."),
    Word(
        "why",
        "reading:why",
        "Tell why a member has an item or not (exit 1); for its author's and controllers' side.",
    ),
    Word(
        "receipts",
        "reading:receipts",
        "Tell who has an item, who purged it, and who still owes (exit 1 while anyone does).",
    ),
    Word("grant", "consent:grant", "Consent that a member has an item that rests on yours."),
    Word(
        "recall",
        "consent:recall",
        "Take an item back: hidden everywhere at once, destroyed after the charter's delay.",
    ),
    Word("narrow", "remark:narrow", "Narrow an item of yours from now on; whoever it drops must destroy it."),
    Word(
        "widen",
        "remark:widen",
        "Name more members for an item of yours; to what it carries of others they consent themselves.",
    ),
    Word(
        "ask",
        "requests:ask",
        "Ask other members for information; each answers for itself, and its clock starts when it has the question.",
    ),
    Word(
        "requests",
        "requests:requests",
        "List requests for information with what is due, or show one with every answer.",
    ),
    Word("answer", "requests:answer", "Say something to a request that asks this member."),
    Word("close", "requests:close", "Close a request of this member, and say what the answers were worth."),
    Word(
        "broker",
        "brokering:broker",
        "As the chair, put a request to others as one of your own: who asked stays unnamed, and is told that you did.",
    ),
    Word(
        "pass-on",
        "brokering:pass_on",
        "As the chair, give an answer to every member, as far as who gave it consents: "
        "for one alone would name who asked.",
    ),
    Word("seek", "seeking:seek", "Ask the controllers of an item whether a member may have it; no answer is no."),
    Word("consents", "seeking:consents", "List requests for consent with what each controller said, or show one."),
    Word(
        "consent",
        "seeking:consent",
        "Say for this member what it answers to a request for its consent; what lets the member have it is the grant.",
    ),
    Word(
        "register",
        "register:register",
        "List what this member gave to whom: since when each has it, by which grant, and when it was destroyed there.",
    ),
    Word(
        "measures",
        "register:measures",
        "Tell how this member marked what it said, and how long whoever asked it waited.",
    ),
    Word(
        "tear-line",
        "tearline:tear_line",
        "Show what a tear-line still gives away of its original (exit 1 if anything), or publish it with --send.",
    ),
    Word(
        "say",
        "desk:say_so",
        "Say something about an item in a form: it is marked as the item is, for its audience or less.",
    ),
    Word(
        "actions",
        "standing:actions",
        "List proposals for joint action, or show one: where members stand, what follows, and what keeps it.",
    ),
    Word(
        "incidents",
        "standing:incidents",
        "List incidents, or show one file: evidence, and the ladder with every member's judgement beside the others.",
    ),
    Word("sources", "standing:sources", "Tell how many sources the events of a report have, by who knew it first."),
    Word(
        "alike",
        "alike:alike",
        "Suggest which events of other reports may be the same as a report's, with reasons; nothing is merged.",
    ),
    Word(
        "related",
        "related:related",
        "List items that name the same persons, bodies or places as one, in any of five languages, and say which.",
    ),
    Word(
        "watch",
        "standing:watch",
        "Tell what waits for a word of this member, what is overdue, and which threats stand.",
    ),
    Word(
        "roster",
        "roster:roster",
        "Tell who is on watch, until when, who relieves her, and when nobody is planned; or plan it anew.",
    ),
    Word("chair", "standing:chair", "Tell who presides, and what chairs said."),
    Word(
        "verify",
        "checks:verify",
        "Check every log this member knows and name each problem (exit 4), or check one proof with files alone.",
    ),
    Word("export", "checks:export", "Write one item's proof: an outsider checks it with files alone."),
    Word(
        "evidence",
        "checks:evidence",
        "Write what shows a stranger that a member's log said two things: he checks it with files alone.",
    ),
    Word(
        "backup",
        "backup:backup",
        "Back up a member's folder, while its node runs or not: sealed, it opens with the key passphrase alone.",
    ),
    Word(
        "restore",
        "backup:restore",
        "Make a member's folder from a backup; its node recovers from the others before it signs anything.",
    ),
    Word("carry", "carry:app", "Parcels as files, across an air gap: sealed as on a hub, and taken once."),
    Word("feed", "feed:feed", "Replay a recording as this member's sensor."),
    Word(
        "simulate",
        "simulate:simulate",
        "Simulate the sensors of a scene: truth, and recordings that `feed` replays.",
    ),
    Word("picture", "picture:picture", "Show the tracks that this officer may see, now or then."),
    Word(
        "sensors",
        "sensors:sensors",
        "Tell how this member's sensors are: heard or silent, how much, and what was refused.",
    ),
    Word(
        "movements",
        "identify:movements",
        "List who entered and left the airspaces of this member, the newest first.",
    ),
    Word("alias", "alias:app", "What names mean at this member: kept at its node, sent to nobody."),
    Word("sitrep", "sitrep:app", "Situation reports: one text, rendered for each audience from what it may have."),
    Word("communique", "communique:app", "Texts that members stand behind together; outsiders check them with files."),
    Word(
        "deconflict",
        "deconflict:app",
        "Whether activities meet that members notified to one desk; what is notified to none is not checked.",
    ),
    Word(
        "site",
        "site:app",
        "Sites that this member protects: what nears one is told to its own desk, and to nobody else.",
    ),
    Word("identify", "identify:app", "Who an aircraft is, by bases and by whose word; and handovers to the next."),
    Word("plan", "plan:app", "Flight plans: ICAO FPL messages or a table, under a marking."),
    Word("warn", "warn:app", "Warn those whom a danger nears, and see which desk has acknowledged."),
    Word(
        "notify",
        "notify:app",
        "Humanitarian notification. An acknowledgement is never an approval; absence changes no protection in law.",
    ),
    Word("charter", "charter:app", "The members, and the acts that change them."),
    Word("places", "places:app", "The places that this member's node knows by name."),
    Word("keys", "keys:app", "The keys of this member."),
    Word("officer", "officers:app", "The officers of this member."),
)
