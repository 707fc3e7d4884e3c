"""What a CSV file of scores may look like, and what is said of each line that cannot be counted."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from seed.score_file import BadLine, Line, ScoreFile, ScoreFileError, scan

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NOON = datetime(2024, 1, 31, 12, tzinfo=UTC)


@pytest.fixture
def parse(tmp_path: Path):
    """`parse(content)`: the lines of a file."""

    def read(content: str | bytes) -> list[Line | BadLine]:
        path = tmp_path / "scores.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        file = ScoreFile(path, NOW)
        try:
            return list(file)
        finally:
            file.close()

    return read


@pytest.mark.parametrize(
    "content",
    [
        "7,100,solo,2024-01-31T12:00:00Z\n",
        "7,100,solo,2024-01-31T12:00:00Z",
        "7;100;solo;2024-01-31 12:00:00\r\n",
        "7\t100\tsolo\t1706702400\n",
        "user_id,score,game_mode,timestamp\n7,100,solo,1706702400.0\n",
        "\ufeffScore,Timestamp,USER_ID,Game_Mode\r\n100,2024-01-31T13:00:00+01:00,7,solo\r\n",
        "\ufeff7,100,solo,1706702400\n",
        'sep=;\nscore;"user_id";id;timestamp;game_mode\n100;"7";981;"2024-01-31T12:00";"solo"\n',
        '"7", "100" ,"solo","2024-01-31T120000Z"\n'.replace(' "100" ', "100"),
        "\n\n 7 , 100.0 , solo , 2024-01-31T12:00:00Z , , \n\n",
        "7,1e2,solo,2024-01-31T12:00:00.000000+00:00\r",
    ],
)
def test_the_same_line_in_many_forms(parse, content):
    (line,) = parse(content)
    assert line[1:] == (7, None, 100, "solo", NOON)


def test_columns_by_their_names_in_any_order(parse):
    lines = parse('comment,score,username\nfirst,5,ada\n"of two\nlines",6,"O""Hara, Scarlett"\n,7,e\u0301\n')
    assert lines == [
        Line(2, None, "ada", 5, None, None),
        Line(3, None, 'O"Hara, Scarlett', 6, None, None),
        Line(5, None, "\u00e9", 7, None, None),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("0,1", "user_id must be from 1 to 2147483647"),
        ("2147483648,1", "user_id must be from 1 to 2147483647"),
        ("ada,1", "user_id must be a whole number; to use names, begin with a line of column names"),
        (",1", "user_id is missing"),
        ("7,", "score is missing"),
        ("7", "score is missing"),
        ("7,1.5", "score must be a whole number"),
        ("7,abc", "score must be a whole number"),
        ("7,NaN", "score must be a whole number"),
        ("7,1e999999999", "score must be a whole number"),
        ("7,9007199254740992", "score must be from -9007199254740991 to 9007199254740991"),
        ("7,-9007199254740992", "score must be from -9007199254740991 to 9007199254740991"),
        ("7,1,solo,yesterday", "timestamp must be ISO 8601"),
        ("7,1,solo,0000-00-00 00:00:00", "timestamp must be ISO 8601"),
        ("7,1,solo,99999999999", "timestamp"),
        ("7,1,solo,1706702400000", "timestamp must be in Unix seconds, not milliseconds"),
        ("7,1,solo,20240131", "may be a date or a number of seconds"),
        ("7,1,solo,2026-01-01T00:00:01Z", "timestamp is in the future"),
        ("7,1,so\0lo", "it has a NUL character"),
        ("7,1,solo,,extra", "it has 5 columns instead of 4"),
        ('7,1,"solo', "a quote is not closed"),
        ('7,1,"so"lo', "is in the middle of a value"),
    ],
)
def test_a_bad_line_spoils_itself_only(parse, line, reason):
    before, bad, after = parse(f"1,10\n{line}\n2,20\n")
    assert isinstance(bad, BadLine)
    assert bad.number == 2
    assert reason in bad.reason
    assert (before, after) == (Line(1, 1, None, 10, None, None), Line(3, 2, None, 20, None, None))


def test_the_largest_scores_lose_no_digit(parse):
    lines = parse("7,9007199254740991\n7,-9007199254740991\n7,9007199254740991.0\n")
    assert [line.score for line in lines] == [2**53 - 1, -(2**53 - 1), 2**53 - 1]


def test_whose_a_score_is_has_to_be_said(parse):
    _, bad = parse("username,score\nada,5\n,6\n")
    assert bad == BadLine(3, ["", "6"], "user_id and username are missing")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty"),
        ("\n\n", "is empty"),
        ("player,points\n7,100\n", "looks like a header but has no column score"),
        ("score,game_mode\n7,solo\n", "neither a column user_id nor username"),
        ("user_id,score,score\n7,1,2\n", "has the column score twice"),
        ("7,100\n8,".encode("utf-16"), "is UTF-16"),
        (b"user_id,score,username\n7,1,a\n8,1,Ren\xe9\n", r"line 3 is not UTF-8 \(byte 0xe9\)"),
        ("7,100," + "x" * 70_000, "is longer than 65,536 characters"),
    ],
)
def test_a_file_that_cannot_be_read(parse, tmp_path, content, message):
    with pytest.raises(ScoreFileError, match=message):
        path = tmp_path / "other.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        scan(path)
        parse(content)


def test_the_fingerprints_of_what_a_file_begins_with(tmp_path):
    path = tmp_path / "scores.csv"
    path.write_bytes(b"7,1\n8,2\n9,3")
    found = scan(path, [4, 5, 8, 11, 400])
    assert (found.size, found.lines, found.sha256) == (11, 3, hashlib.sha256(path.read_bytes()).digest())
    # 5 and 11 bytes are no whole lines.
    assert found.beginnings == {
        4: hashlib.sha256(b"7,1\n").digest(),
        8: hashlib.sha256(b"7,1\n8,2\n").digest(),
    }


def test_a_missing_file(tmp_path):
    with pytest.raises(ScoreFileError, match="No such file"):
        scan(tmp_path / "none.csv")
