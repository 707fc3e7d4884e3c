"""What the parsers of DATABASE_URL and REDIS_URL share: their error."""


class UrlError(ValueError):
    """What is wrong with an address and what to write: the end of a sentence, without any part of the address that
    may be a piece of a password.
    """


#: The error message if libpq cannot read an address after all. Its own message may quote it.
UNREADABLE = (
    "the database driver cannot read the address of the database; its message is not shown, since it may contain the"
    " password: check DATABASE_URL and SERVICE_DATABASE_URL"
)
