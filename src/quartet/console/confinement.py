"""Give up all that reading bytes and writing bytes needs not: for processes that meet what others sent.

From `confine` on a process opens no file and no socket, begins no process, signals and looks into none - the node's own
is of the same user -, and has so much memory and so many seconds. This imports nothing of Quartet.
"""

import ctypes
import os
import platform
import resource
import sys
from typing import Final

_NOBODY: Final = 65534
_CALLS: Final = {
    "x86_64": (0xC000003E, (0, 1, 3, 5, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 28, 60, 202, 228, 231, 318)),
    "aarch64": (
        0xC00000B7,
        (63, 64, 57, 80, 62, 222, 226, 215, 214, 134, 135, 139, 124, 216, 233, 93, 98, 113, 94, 278),
    ),
}
"""Of each machine its word in `seccomp(2)`, and the calls that are needed: read, write, close, fstat, lseek, mmap,
mprotect, munmap, brk, how a signal is taken, sched_yield, mremap, madvise, exit, futex, clock_gettime, getrandom."""
_NO_NEW_PRIVS, _SECCOMP, _FILTER = 38, 22, 2
_LOAD, _IF, _RETURN = 0x20, 0x15, 0x06
_MACHINE_AT, _REFUSED, _ALLOWED = 4, 0x00050001, 0x7FFF0000


class _Step(ctypes.Structure):
    """`struct sock_filter`."""

    _fields_ = (("code", ctypes.c_uint16), ("yes", ctypes.c_uint8), ("no", ctypes.c_uint8), ("k", ctypes.c_uint32))


class _Program(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = (("size", ctypes.c_uint16), ("steps", ctypes.POINTER(_Step)))


def confine(seconds: int, memory: int) -> None:
    """Give up what is not needed; nothing of it can be had back. End the process where that cannot be."""
    libc = ctypes.CDLL(None)
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):
        resource.setrlimit(what, (most, most))
    if os.geteuid() == 0:  # root could raise every limit again
        os.setgroups([])
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)
    _refuse_calls(libc)


def _refuse_calls(libc: ctypes.CDLL) -> None:
    """Let the kernel refuse every call but those of `_CALLS`."""
    if platform.machine() not in _CALLS:
        sys.exit("the calls of this machine are not known here")
    machine, calls = _CALLS[platform.machine()]
    steps = [
        *((_LOAD, 0, 0, _MACHINE_AT), (_IF, 1, 0, machine), (_RETURN, 0, 0, _REFUSED), (_LOAD, 0, 0, 0)),
        *((_IF, len(calls) - n, 0, call) for n, call in enumerate(calls)),
        *((_RETURN, 0, 0, _REFUSED), (_RETURN, 0, 0, _ALLOWED)),
    ]
    program = _Program(len(steps), (_Step * len(steps))(*(_Step(*step) for step in steps)))
    if libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(_SECCOMP, _FILTER, ctypes.byref(program)):
        sys.exit("the kernel does not let calls be refused")
