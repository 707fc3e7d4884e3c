"""Starts an embedded server: drops root, makes the kernel end it with the service, and becomes the server's program.

Run by `process.py` as a script of its own (`python -I -S launch.py PARENT SIGNAL UID GID PROGRAM ARGUMENT...`), because
none of this is safe to do between fork and exec of a process that has threads. Root is dropped only here: the
server's user may have no access to this Python.
"""

import ctypes
import os
import sys

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main() -> None:
    """Never returns: the process becomes PROGRAM, or ends with a message on standard error."""
    parent, death_signal, uid, gid = (int(argument) for argument in sys.argv[1:5])
    command = sys.argv[5:]
    os.umask(0o077)
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":
        # After the change of user, which clears it. The kernel sends the signal when the parent is gone.
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(_PR_SET_PDEATHSIG, death_signal, 0, 0, 0) != 0:
            sys.exit(f"prctl: {os.strerror(ctypes.get_errno())}")
    # The parent may have ended before the signal was asked for. Then nothing would ever stop this server.
    if os.getppid() != parent:
        sys.exit("the service ended while it started this server")
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
