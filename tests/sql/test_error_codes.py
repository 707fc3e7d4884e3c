import re
from pathlib import Path

from tests.standings import rows

FUNCTIONS = Path(__file__).parents[2] / "db" / "functions"


async def test_every_code_that_a_function_raises_is_registered_and_the_other_way_round(db):
    registered = {row[0] for row in rows(await db.fetch("SELECT * FROM api.error_codes()"))}
    raised = set()
    for path in FUNCTIONS.rglob("*.sql"):
        if path.name != "error_codes.sql":
            body = re.sub(r"--.*", "", path.read_text())
            raised |= set(re.findall(r"'(LB\d{3})", body))
    assert raised == registered


async def test_codes_and_names_are_unique_and_say_something(db):
    codes = rows(await db.fetch("SELECT * FROM api.error_codes()"))
    assert len({code[0] for code in codes}) == len({code[1] for code in codes}) == len(codes)
    assert all(len(code[2]) > 10 for code in codes)
