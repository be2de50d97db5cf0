"""Run one `quartet` command as the user nobody: `python as_nobody.py FOLDER ARGUMENTS...`, started by root.

A member's folder is named so that all code is loaded before root's rights are gone: nobody may not read Python's files.
"""

import contextlib
import io
import os
import pwd
import sys
from typing import Final

import cryptography.hazmat.backends.openssl.backend as crypto

import quartet.console.api
import quartet.console.doors
import quartet.exercise.demo
import quartet.node.audit
import quartet.serve
from quartet.cli.main import run

LOADED: Final = (
    crypto,
    quartet.console.api,
    quartet.console.doors,
    quartet.exercise.demo,
    quartet.node.audit,
    quartet.serve,
)

if __name__ == "__main__":
    with contextlib.redirect_stdout(io.StringIO()):
        assert run(["inbox", "--dir", sys.argv[1]]) == 0
    nobody = pwd.getpwnam("nobody")
    os.setgroups([])
    os.setgid(nobody.pw_gid)
    os.setuid(nobody.pw_uid)
    sys.exit(run(sys.argv[2:]))
