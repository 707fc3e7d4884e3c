"""What the embedded servers raise."""


class EmbeddedServerError(Exception):
    """An embedded server cannot be started. The message is for the operator and says what to do."""
