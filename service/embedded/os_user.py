"""The operating system user that a server runs as, and the folders that only this user can enter."""

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
    """The user that a server runs as, and the prefix (`wrapper`) that its command may need for that."""

    uid: int
    gid: int
    name: str
    wrapper: tuple[str, ...] = ()


def account_for(folder: Path) -> Account:
    """The account of the server whose files are in `folder`: the owner of the folder, once it exists.

    Root starts the servers as another user, since PostgreSQL refuses to run as root: `postgres` if that user exists,
    else `nobody`. Raises EmbeddedServerError if the current user cannot run the server of that folder.
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

    An account other than root cannot pass a closed folder above them, such as /root. We do not open that folder;
    instead the server keeps the one capability that lets it pass. Raises EmbeddedServerError if that is not possible.
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
        f"the embedded server runs as the user {account.name}, who has no access to {folder} or {program} because"
        " of a folder above them. Move the project, set DATA_DIR to a folder that user can reach (such as"
        " /var/lib/leaderboard), or start the service as a normal user."
    )


def _succeeds(command: list[str], **user: object) -> bool:
    run: Callable[..., subprocess.CompletedProcess[bytes]] = subprocess.run
    try:
        return run(command, stdin=subprocess.DEVNULL, capture_output=True, cwd="/", **user).returncode == 0
    except (OSError, subprocess.SubprocessError):  # root without the right to become another user
        return False


def make_parent(path: Path) -> None:
    """Creates the folder of `path` if missing, with access for every user: the servers' user has to pass it."""
    if not path.parent.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.parent.chmod(0o755)  # regardless of the umask


def make_private(folder: Path, account: Account) -> None:
    """Creates `folder` (and its parents) for `account` alone; an existing one stays as it is."""
    make_parent(folder)
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(folder, account.uid, account.gid)


def socket_folder(folder: Path, file_name: str, account: Account) -> Path:
    """The folder for a server's Unix socket: `folder`, or a private one in /tmp if that path is too long.

    The same for a path that would need quoting in a server's configuration or an address. The name in /tmp is derived
    from `folder`, so the next start finds it again.
    """
    plain = all(character.isalnum() or character in "/._-" for character in str(folder))
    if plain and len(os.fsencode(folder / file_name)) <= _SOCKET_PATH_LIMIT:
        return folder
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    short = Path("/tmp" if os.access("/tmp", os.W_OK | os.X_OK) else tempfile.gettempdir()) / f"leaderboard-{name}"
    make_private(short, account)
    found = short.lstat()
    # Any user may create files in /tmp: a folder that another one put there is not used.
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid or found.st_mode & 0o077:
        raise EmbeddedServerError(
            f"{short}, needed for a socket because {folder} is too long or unusual a path, is not a private"
            f" folder of {account.name}. Remove it, or set DATA_DIR to a shorter path."
        )
    return short
