"""What the embedded servers raise."""

from service.errors import OperatorError


class EmbeddedServerError(OperatorError):
    """An embedded server cannot be started or used."""
