"""Run one command: dispatch it, and end with its exit code and at most one line of error, whatever happens."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import typer
from typer.exceptions import TyperException

from quartet.cli.app import app
from quartet.cli.outcome import Exit, Refusal, bug_line, exit_of, line_of
from quartet.cli.output import complain
from quartet.core.faults import Fault
from quartet.node.files import refused

INTERRUPTED: Final = 130
OWN: Final = "bug"


def main() -> None:
    """Run the command line of this process, and end it."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    try:
        code = app(args=list(arguments) or ["--help"], prog_name="quartet", standalone_mode=False)
        sys.stdout.flush()
    except Refusal as refusal:
        complain(line_of(refusal))
        return Exit.NO
    except Fault as fault:
        complain(line_of(fault))
        return exit_of(fault)
    except TyperException as error:
        complain(f"usage: {_usage(error)}")
        return Exit.USAGE
    except (typer.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        _say_no_more()
        return Exit.NO
    except OSError as error:
        return _refused(error)
    except Exception as error:
        complain(bug_line(error))
        return Exit.BUG
    return code if isinstance(code, int) else Exit.DONE


def _refused(error: OSError) -> int:
    """Tell what the system refused; what is neither rights nor space is our own error."""
    fault = refused(error, Path(error.filename or "standard output"), OWN)
    if error.filename is None:
        _say_no_more()
    complain(bug_line(error) if fault.reason == OWN else line_of(fault))
    return Exit.BUG if fault.reason == OWN else exit_of(fault)


def _say_no_more() -> None:
    """Write nothing more, not even at the end: nobody reads it, or there is no room."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _usage(error: TyperException) -> str:
    message = getattr(error, "format_message", error.__str__)()
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "quartet"
    return f"{message.rstrip('.')}; see {command} --help"
