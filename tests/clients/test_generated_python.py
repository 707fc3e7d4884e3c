"""/openapi.json is what openapi-python-client, a public generator, makes a working client of."""

import asyncio
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
from aiohttp.test_utils import TestClient

from service.http import openapi
from tests.support import ROOT

BIN = Path(sys.executable).parent


async def run(*command: str | Path, cwd: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *map(str, command), cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()


async def test_the_generated_client_is_typed_and_works(
    client: TestClient[Any, Any], db: asyncpg.Connection, tmp_path: Path
) -> None:
    description = tmp_path / "openapi.json"
    described = openapi.document()
    del described["paths"]["/api/leaderboard/stream"]  # the generator knows no streams, and warns
    description.write_bytes(msgspec.json.encode(described))
    # The generator wants to format what it made, which nothing here needs.
    config = tmp_path / "config.yaml"
    config.write_text("post_hooks: []\n")
    package = tmp_path / "generated_client"
    generate = ("generate", "--path", description, "--config", config, "--meta", "none", "--output-path", package)
    await run(BIN / "openapi-python-client", *generate, "--fail-on-warning", cwd=tmp_path)
    shutil.copy(ROOT / "tests" / "clients" / "generated" / "use.py", tmp_path)
    await run(BIN / "mypy", "--strict", "use.py", "generated_client", cwd=tmp_path)
    await db.execute("SELECT api.create_board('cup', p_manual_seasons => true)")
    await run(sys.executable, "use.py", str(client.make_url("")).rstrip("/"), cwd=tmp_path)
