"""Tells systemd when the service is ready: a unit with Type=notify has started once the service answers requests."""

import contextlib
import socket

from service.settings import notify_socket


def notify_ready() -> None:
    """Sends READY=1 to the socket that systemd names. Without systemd it does nothing."""
    address = notify_socket()
    if address is None:
        return
    # "@" stands for the zero byte of an abstract socket.
    if address.startswith("@"):
        address = "\0" + address[1:]
    # The service serves, whether or not systemd hears of it.
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as one:
        one.sendto(b"READY=1", address)
