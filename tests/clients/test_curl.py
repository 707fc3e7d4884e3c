"""The commands of docs/curl.md, run as they stand there against the service."""

import asyncio
import re

from tests.support import ROOT


async def test_the_commands_work(address: str) -> None:
    page = (ROOT / "docs" / "curl.md").read_text()
    (commands,) = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
    commands = commands.replace("http://127.0.0.1:8080", address)
    process = await asyncio.create_subprocess_exec(
        "bash", "-ec", commands, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()
    for part in ('"total_score":1200', '"status":"accepted"', '"rank_among":2', '"seasons":', "event: standings"):
        assert part in output.decode(), output.decode()
