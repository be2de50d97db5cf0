"""All commands in their order; no command lives here."""

from quartet.cli import (
    alias,
    alike,
    backup,
    brokering,
    charter,
    checks,
    communique,
    consent,
    deconflict,
    desk,
    identify,
    keys,
    notify,
    officers,
    picture,
    places,
    plan,
    reading,
    register,
    related,
    remark,
    requests,
    seeking,
    site,
    sitrep,
    standing,
    tearline,
    warn,
    world,
)
from quartet.cli.commands import Commands
from quartet.cli.feed import feed
from quartet.cli.intake import intake
from quartet.cli.roster import roster
from quartet.cli.send import send
from quartet.cli.sensors import sensors
from quartet.cli.simulate import simulate
from quartet.cli.translate import translate

HELP = """An information-exchange centre for sovereign partners.

Start with: quartet demo - or: quartet new-exchange trial; quartet up trial
"""

app = Commands(
    help=HELP,
    no_args_is_help=False,
    rich_markup_mode="markdown",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command()(world.demo)
app.command("new-exchange")(world.new_exchange)
app.command()(world.up)
app.command()(world.serve)
app.command()(world.status)
app.command()(send)
app.command()(reading.inbox)
app.command()(reading.search)
app.command()(intake)
app.command()(translate)
app.command()(reading.show)
app.command()(reading.why)
app.command()(reading.receipts)
app.command()(consent.grant)
app.command()(consent.recall)
app.command()(remark.narrow)
app.command()(remark.widen)
app.command()(requests.ask)
app.command()(requests.requests)
app.command()(requests.answer)
app.command()(requests.close)
app.command()(brokering.broker)
app.command("pass-on")(brokering.pass_on)
app.command()(seeking.seek)
app.command()(seeking.consents)
app.command()(seeking.consent)
app.command()(register.register)
app.command()(register.measures)
app.command("tear-line")(tearline.tear_line)
app.command("say")(desk.say_so)
app.command()(standing.actions)
app.command()(standing.incidents)
app.command()(standing.sources)
app.command()(alike.alike)
app.command()(related.related)
app.command()(standing.watch)
app.command()(roster)
app.command()(standing.chair)
app.command()(checks.verify)
app.command()(checks.export)
app.command()(checks.evidence)
app.command()(backup.backup)
app.command()(backup.restore)
app.command()(feed)
app.command()(simulate)
app.command()(picture.picture)
app.command()(sensors)
app.command()(identify.movements)
app.add_typer(alias.app, name="alias")
app.add_typer(sitrep.app, name="sitrep")
app.add_typer(communique.app, name="communique")
app.add_typer(deconflict.app, name="deconflict")
app.add_typer(site.app, name="site")
app.add_typer(identify.app, name="identify")
app.add_typer(plan.app, name="plan")
app.add_typer(warn.app, name="warn")
app.add_typer(notify.app, name="notify")
app.add_typer(charter.app, name="charter")
app.add_typer(places.app, name="places")
app.add_typer(keys.app, name="keys")
app.add_typer(officers.app, name="officer")
