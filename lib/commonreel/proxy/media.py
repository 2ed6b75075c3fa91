# SPDX-License-Identifier: GPL-3.0-or-later
"""A film's bytes on their way to the player: from the engine's file to the socket, uncopied where
the system can (sendfile)."""

from __future__ import annotations

import errno
import os
import socket

from ..works.protocols import Reader, Span

CHUNK = 2 * 1024 * 1024  # bytes asked of the reader at once: some seconds of film
_WAIT = 0.5  # seconds for the reader, before we look whether the client is still there
_COPY = 256 * 1024  # bytes, where the system has no sendfile
# Kodi's player does not stop before a read of its own has ended, and gives a server up that is silent for
# 20 s: so the last bytes that are here are kept for a stall, and then come one by one.
RESERVE = 256  # bytes
_NO_SENDFILE = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP)  # not for this file system


def send(sock: socket.socket, reader: Reader, start: int, stop: int) -> None:
    """Send the bytes [start, stop) of a film as they come.

    Waits without limit for a client that does not read, as a paused player does: shutting the socket
    ends that, and closing the reader a wait for bytes. Raises ConnectionError or TimeoutError when the
    client has gone, and what Reader.span() raises.
    """
    sock.settimeout(None)
    offset, reserve = start, b""
    while offset < stop:
        span = reader.span(offset, min(stop - offset, CHUNK), _WAIT)
        if span is not None:
            sock.sendall(reserve)
            offset += span.length
            reserve = _copy(sock, span, 0 if offset == stop else RESERVE)
        elif _gone(sock):
            raise ConnectionAbortedError("the client has gone")
        else:
            sock.sendall(reserve[:1])
            reserve = reserve[1:]


def _copy(sock: socket.socket, span: Span, spare: int) -> bytes:
    """Send a span but for its last `spare` bytes, which are returned."""
    position, end = span.position, span.position + max(0, span.length - spare)
    if hasattr(os, "sendfile"):
        try:
            while position < end:
                position += _some(os.sendfile(sock.fileno(), span.fd, position, end - position))
        except OSError as error:
            if error.errno not in _NO_SENDFILE:
                raise
    while position < end:
        data = read_at(span.fd, position, min(end - position, _COPY))
        position += _some(len(data))
        sock.sendall(data)
    left = span.position + span.length - end
    return read_at(span.fd, end, left) if left else b""


def read_at(fd: int, position: int, length: int) -> bytes:
    """At most `length` bytes of an open file; none at its end."""
    if hasattr(os, "pread"):
        return os.pread(fd, length, position)
    os.lseek(fd, position, os.SEEK_SET)  # Windows: the file must be this reader's alone
    return os.read(fd, length)


def _some(count: int) -> int:
    if not count:
        raise OSError(errno.EIO, "the film's file is shorter than its verified bytes")
    return count


def _gone(sock: socket.socket) -> bool:
    sock.settimeout(0)
    try:
        return not sock.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    except OSError:
        return True
    finally:
        sock.settimeout(None)
