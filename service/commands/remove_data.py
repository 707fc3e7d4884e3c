"""`make clean-data`: removes the data of the embedded servers, scores and all.

python -m service.commands.remove_data [--force]
"""

import argparse
import sys

from service.embedded import EmbeddedServerError, remove
from service.settings import SettingsError, load


def main(arguments: list[str] | None = None) -> int:
    """Asks (unless --force), then removes. Returns the exit status, 1 if the data stayed."""
    parser = argparse.ArgumentParser(
        prog="python -m service.commands.remove_data", description="Removes the data in DATA_DIR."
    )
    parser.add_argument("--force", action="store_true", help="do not ask")
    options = parser.parse_args(arguments)
    try:
        data_dir = load().data_dir.absolute()
        if not data_dir.exists():
            print(f"there is no {data_dir}")
            return 0
        if not options.force and not _confirmed(f"Remove the data in {data_dir}, every score of it? Type yes: "):
            print("nothing was removed")
            return 1
        remove(data_dir)
    except (SettingsError, EmbeddedServerError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
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
