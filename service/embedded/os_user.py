"""Who a server runs as, and the folders that only this user can enter."""

import contextlib
import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from service.embedded.errors import EmbeddedServerError

#: The longest path of a Unix socket in bytes: 107 on Linux, 103 on macOS and the BSDs.
_SOCKET_PATH_LIMIT = 107 if sys.platform == "linux" else 103


@dataclass(frozen=True)
class Account:
    """The user a server runs as, and the words before its command that may be needed for that."""

    uid: int
    gid: int
    name: str
    wrapper: tuple[str, ...] = ()


def account_for(folder: Path) -> Account:
    """The account of the server whose files are in `folder`: the folder's owner, once it exists.

    Root starts the servers as another user (PostgreSQL refuses to run as root): `postgres` where there is
    one, or else `nobody`. Raises EmbeddedServerError when this user cannot run the server of that folder.
    """
    try:
        owner = folder.stat()
    except FileNotFoundError:
        owner = None
    except PermissionError as error:
        raise EmbeddedServerError(
            f"{folder} cannot be reached by this user. Give it access, or set DATA_DIR to another folder."
        ) from error
    if os.geteuid() != 0:
        if owner is not None and owner.st_uid != os.geteuid():
            raise EmbeddedServerError(
                f"{folder} belongs to {_user_name(owner.st_uid)}. Start the service as that user or as root,"
                " or set DATA_DIR to another folder."
            )
        return Account(os.geteuid(), os.getegid(), _user_name(os.geteuid()))
    if owner is None:
        for name in ("postgres", "nobody"):
            with contextlib.suppress(KeyError):
                entry = pwd.getpwnam(name)
                return Account(entry.pw_uid, entry.pw_gid, name)
        raise EmbeddedServerError(
            "PostgreSQL refuses to run as root, and there is neither a user 'postgres' nor a user 'nobody'"
            " to run it as. Start the service as a normal user, or set DATABASE_URL and REDIS_URL."
        )
    if owner.st_uid == 0:
        raise EmbeddedServerError(
            f"{folder} belongs to root, but the server in it cannot run as root. Change its owner"
            f" (chown -R postgres {folder}) or set DATA_DIR to another folder."
        )
    return Account(owner.st_uid, owner.st_gid, _user_name(owner.st_uid))


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def with_access(account: Account, folder: Path, program: Path) -> Account:
    """`account`, able to enter `folder` and to execute `program`.

    A user other than root's cannot pass through a closed folder above them (a clone in /root, say). Opening
    that folder is not ours to do, so the server then keeps the one capability that passes through it. Raises
    EmbeddedServerError where that is not possible either.
    """
    probe = ["/bin/sh", "-c", 'cd -- "$1" && test -x "$2"', "sh", str(folder), str(program)]
    user = {"user": account.uid, "group": account.gid, "extra_groups": []} if os.geteuid() == 0 else {}
    if _succeeds(probe, **user):
        return account
    setpriv = shutil.which("setpriv")
    if os.geteuid() == 0 and setpriv is not None:
        wrapper = (
            setpriv,
            f"--reuid={account.uid}",
            f"--regid={account.gid}",
            "--clear-groups",
            "--inh-caps=+dac_override",
            "--ambient-caps=+dac_override",
            # Without this access(2), by which PostgreSQL finds its own programs, ignores the capability.
            "--securebits=+no_setuid_fixup",
        )
        if _succeeds([*wrapper, *probe]):
            return Account(account.uid, account.gid, account.name, wrapper)
    raise EmbeddedServerError(
        f"The user {account.name}, whom the embedded server runs as, cannot reach {folder} or {program}: a"
        " folder above them is closed to it. Move the project, set DATA_DIR to a folder that user can reach"
        " (such as /var/lib/leaderboard), or start the service as a normal user."
    )


def _succeeds(command: list[str], **user: object) -> bool:
    run: Callable[..., subprocess.CompletedProcess[bytes]] = subprocess.run
    try:
        return run(command, stdin=subprocess.DEVNULL, capture_output=True, cwd="/", **user).returncode == 0
    except (OSError, subprocess.SubprocessError):  # a root that may not become another user
        return False


def make_private(folder: Path, account: Account) -> None:
    """Creates `folder` (and those above it) for `account` alone; leaves one that exists as it is."""
    if not folder.parent.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.parent.chmod(0o755)  # whatever the umask: the account has to pass through it
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(folder, account.uid, account.gid)


def socket_folder(folder: Path, file_name: str, account: Account) -> Path:
    """The folder for a server's Unix socket: `folder`, or a private one in /tmp if that path is too long.

    A path that a server's list of folders or an address would need quoted goes to /tmp too. The name there
    follows from `folder`, so that the next start finds the same one.
    """
    plain = all(character.isalnum() or character in "/._-" for character in str(folder))
    if plain and len(os.fsencode(folder / file_name)) <= _SOCKET_PATH_LIMIT:
        return folder
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    short = Path("/tmp" if os.access("/tmp", os.W_OK | os.X_OK) else tempfile.gettempdir()) / f"leaderboard-{name}"
    make_private(short, account)
    found = short.lstat()
    # Anybody may create files in /tmp: a folder put there by somebody else is not used.
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid or found.st_mode & 0o077:
        raise EmbeddedServerError(
            f"{short}, needed for a socket because {folder} is too long or unusual a path, is not a private"
            f" folder of {account.name}. Remove it, or set DATA_DIR to a shorter path."
        )
    return short
