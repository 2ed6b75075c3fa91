# SPDX-License-Identifier: GPL-3.0-or-later
"""A home of its own: a device, and a router that opens doors to it (UPnP, IGD 1). It takes the right to make
namespaces."""

from __future__ import annotations

import contextlib
import re
import socket
import socketserver
import struct
import threading
from http.server import BaseHTTPRequestHandler
from typing import Iterator

from bench.network import Namespace, ip

DEVICE, ROUTER = "10.0.0.2", "10.0.0.1"
GROUP, SEARCHES = "239.255.255.250", 1900
PORT = 5000
KIND = "urn:schemas-upnp-org:device:InternetGatewayDevice:1"
SERVICE = "urn:schemas-upnp-org:service:WANIPConnection:1"
FOUND = "HTTP/1.1 200 OK\r\nST: %s\r\nUSN: uuid:1::%s\r\nLOCATION: http://%s:%d/\r\n\r\n" % (
    *(KIND, KIND),
    *(ROUTER, PORT),
)
ABOUT = (
    "<root><device><deviceType>%s</deviceType><serviceList><service><serviceType>%s</serviceType>"
    "<controlURL>/control</controlURL></service></serviceList></device></root>" % (KIND, SERVICE)
)
_DOOR = re.compile(rb"<NewExternalPort>(\d+)</NewExternalPort><NewProtocol>(\w+)</NewProtocol>")


class Router:
    """`doors`: those that are open, (port, protocol) of each. `closes`: when it answers to who closes one."""

    def __init__(self) -> None:
        self.doors: set[tuple[bytes, ...]] = set()
        self.closes = threading.Event()
        self.closes.set()
        router = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(ABOUT)

            def do_POST(self) -> None:
                """A call of SOAP."""
                action = self.headers["SOAPAction"].strip('"').rpartition("#")[2]
                door = _DOOR.search(self.rfile.read(int(self.headers["Content-Length"])))
                if action == "AddPortMapping":
                    router.doors.add(door.groups())
                elif action == "DeletePortMapping":
                    router.closes.wait()
                    router.doors.discard(door.groups())
                self._answer(
                    '<Envelope><Body><u:%sResponse xmlns:u="%s"/></Body></Envelope>' % (action, SERVICE)
                )

            def _answer(self, body: str) -> None:
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_: object) -> None:
                """Nothing: tests read standard error."""

        class Found(socketserver.BaseRequestHandler):
            """Whoever searches is told where it is."""

            def handle(self) -> None:
                self.request[1].sendto(FOUND.encode(), self.client_address)

        self._control = socketserver.ThreadingTCPServer((ROUTER, PORT), Handler)
        self._control.daemon_threads = True
        self._searches = socketserver.UDPServer((GROUP, SEARCHES), Found)
        joined = struct.pack("4s4s", socket.inet_aton(GROUP), socket.inet_aton(ROUTER))
        self._searches.socket.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, joined)
        self._servers = self._control, self._searches
        self._threads = [threading.Thread(target=each.serve_forever, args=(0.05,)) for each in self._servers]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        self.closes.set()
        for server in self._servers:
            server.shutdown()
        for thread in self._threads:
            thread.join()
        for server in self._servers:
            server.server_close()


@contextlib.contextmanager
def home() -> Iterator[Router]:
    """Inside, this thread, and all that it starts, is on the device."""
    with contextlib.ExitStack() as stack:
        outside, inside = Namespace(), Namespace()
        for namespace in (outside, inside):
            stack.callback(namespace.close)
        with outside.entered():
            ip("link", "add", "line", "type", "veth", "peer", "name", "line", "netns", inside.path)
        for namespace, address in ((outside, ROUTER), (inside, DEVICE)):
            with namespace.entered():
                ip("addr", "add", address + "/24", "dev", "line")
                ip("link", "set", "line", "up")
        with outside.entered():
            router = Router()
        stack.callback(router.close)
        with inside.entered():
            ip("route", "add", "default", "via", ROUTER)
            yield router
