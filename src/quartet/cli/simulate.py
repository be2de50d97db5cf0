"""`simulate`: make the recordings that sensors would have made of a scene, and the truth beside them."""

from pathlib import Path
from typing import Annotated

import typer

from quartet.cli.options import Json
from quartet.cli.output import say, say_json
from quartet.core.faults import Malformed


def simulate(
    scene: Annotated[Path, typer.Argument(metavar="SCENE", readable=False, help="The scene, as TOML.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="The folder for truth and recordings; it is made.")],
    json: Json = False,
) -> None:
    """Simulate the sensors of a scene: truth, and recordings that `feed` replays.

    A radar's plots are CAT 048 and 034, broadcasts CAT 021 and Mode S frames, a system's tracks CAT 062. The same scene
    gives the same bytes. What is simulated is marked so: replay it with --caveat EXERCISE.
    What a scene may hold is in docs/reference/scene-file.md.

    Examples:

        quartet simulate scene.toml --out drill

        quartet feed --format asterix drill/radar-1.pcap --reference 46.9,7.5 --tlp GREEN --to east --caveat EXERCISE
    """
    from quartet.exercise.simulate import simulate as run
    from quartet.exercise.sky import read_scene

    try:
        written = run(read_scene(scene.read_bytes()), out)
    except OSError as error:
        raise Malformed("no-file", f"{error.filename}: {error.strerror}") from error
    if json:
        say_json(written)
        return
    for name, count in written.files.items():
        say(f"{out / name}: {count} records")
