"""`make clean-data`: removes the data of the embedded servers, including all scores.

python -m service.commands.remove_data [--force]
"""

import argparse
import functools
import sys

from service.commands import command
from service.embedded import remove
from service.settings import Settings


def main(arguments: list[str] | None = None) -> int:
    """Asks for confirmation (unless --force), then removes. Returns the exit status, 1 if the data stayed."""
    parser = argparse.ArgumentParser(
        prog="python -m service.commands.remove_data", description="Remove the data in DATA_DIR."
    )
    parser.add_argument("--force", action="store_true", help="do not ask for confirmation")
    options = parser.parse_args(arguments)
    return command.run(functools.partial(_remove, force=options.force))


def _remove(settings: Settings, *, force: bool) -> int:
    data_dir = settings.data_dir.absolute()
    if not data_dir.exists():
        print(f"there is no {data_dir}")
        return 0
    if not force and not _confirmed(f"Remove the data in {data_dir}, including all scores? Type yes: "):
        print("nothing was removed")
        return 1
    remove(data_dir)
    print(f"removed the data in {data_dir}")
    return 0


def _confirmed(question: str) -> bool:
    try:
        return input(question).strip().lower() == "yes"
    except EOFError:
        print()
        return False


if __name__ == "__main__":
    sys.exit(main())
