"""The heads of answers with status 200, as the middleware would make them, from prepared bytes."""

import email.utils
import functools
import time

from multidict import CIMultiDict

from service.http import middleware
from service.http.cors import Cors

#: Different Origin headers whose answer is prepared.
_PREPARED = 256

_START = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_REQUEST_ID = b"X-Request-Id: "
_GZIPPED = b"\r\nContent-Encoding: gzip"
_CLOSE = b"\r\nConnection: close\r\n\r\n"
_END = b"\r\n\r\n"


class Heads:
    def __init__(self, cors: Cors) -> None:
        self._cors = cors
        self._fixed = functools.lru_cache(maxsize=_PREPARED)(self._make_fixed)

    def response(
        self,
        request_id: str,
        origin: str | None,
        body: bytes,
        *,
        link: bytes,
        is_large: bool,
        gzipped: bool,
        close: bool,
    ) -> bytes:
        """The whole response with `body`; `link` is a line of the head, or empty."""
        return b"".join(
            (
                _START,
                link,
                _REQUEST_ID,
                request_id.encode(),
                self._fixed(origin, is_large),
                b"%d" % len(body),
                _GZIPPED if gzipped else b"",
                _date(int(time.time())),
                _CLOSE if close else _END,
                body,
            )
        )

    def _make_fixed(self, origin: str | None, is_large: bool) -> bytes:
        """From the end of X-Request-Id to the value of Content-Length."""
        headers: CIMultiDict[str] = CIMultiDict()
        middleware.add_fixed_headers(headers, is_large=is_large)
        self._cors.add_to_headers(headers, origin, is_preflight=False)
        lines = "".join(f"\r\n{name}: {value}" for name, value in headers.items())
        return f"{lines}\r\nContent-Length: ".encode()


@functools.lru_cache(maxsize=1)
def _date(since_1970: int) -> bytes:
    return b"\r\nDate: " + email.utils.formatdate(since_1970, usegmt=True).encode()
