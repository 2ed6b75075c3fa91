# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON-RPC over Kodi's TCP socket, which also carries its notifications."""

from __future__ import annotations

import codecs
import contextlib
import json
import socket
import threading
import time


class KodiError(Exception):
    """Kodi answered with an error, or did not do in time what was awaited."""


def wait_for(probe, timeout=20, what="condition", every=0.1):
    """Call probe until it returns something true, and return that."""
    end = time.monotonic() + timeout
    while True:
        value = probe()
        if value:
            return value
        if time.monotonic() > end:
            raise KodiError("timed out after %s s waiting for %s" % (timeout, what))
        time.sleep(every)


class JsonRpc:
    """One connection. Calls may come from any thread."""

    def __init__(self, port):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=5)
        self._socket.settimeout(None)
        self._changed = threading.Condition()
        self._answers, self.notifications = {}, []
        self._last_id, self.closed = 0, False
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        decoder, text = json.JSONDecoder(), ""
        utf8 = codecs.getincrementaldecoder("utf-8")("replace")
        while True:
            try:
                data = self._socket.recv(1 << 16)
            except OSError:
                data = b""
            with self._changed:
                if not data:
                    self.closed = True
                    self._changed.notify_all()
                    return
                text += utf8.decode(data)
                while text:
                    try:
                        message, end = decoder.raw_decode(text)
                    except ValueError:
                        break
                    text = text[end:].lstrip()
                    if "id" in message:
                        self._answers[message["id"]] = message
                    else:
                        self.notifications.append(message)
                self._changed.notify_all()

    def call(self, method, params=None, timeout=60):
        """The result of a method. KodiError for an error, no answer in time, or a closed connection."""
        with self._changed:
            self._last_id += 1
            number = self._last_id
            request = {"jsonrpc": "2.0", "id": number, "method": method, "params": params or {}}
            try:
                self._socket.sendall(json.dumps(request).encode())
            except OSError as error:
                raise KodiError("%s: the connection to Kodi is gone" % method) from error
            if not self._changed.wait_for(lambda: number in self._answers or self.closed, timeout):
                raise KodiError("%s: no answer in %s s" % (method, timeout))
            if number not in self._answers:
                raise KodiError("%s: Kodi closed the connection" % method)
            answer = self._answers.pop(number)
        if "error" in answer:
            raise KodiError("%s: %s" % (method, json.dumps(answer["error"])))
        return answer["result"]

    def wait_notification(self, method, since=0, timeout=20):
        """The first notification of that method, from position since of the list on."""

        def find():
            return next((n for n in self.notifications[since:] if n["method"] == method), None)

        with self._changed:
            self._changed.wait_for(lambda: find() or self.closed, timeout)
            if not find():
                raise KodiError("no %s: %s" % (method, "Kodi has gone" if self.closed else "waited in vain"))
            return find()

    def close(self):
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
