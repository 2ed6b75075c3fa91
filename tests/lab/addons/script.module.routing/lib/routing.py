# SPDX-License-Identifier: GPL-3.0-or-later
"""Stand-in for script.module.routing: same public API, written from scratch."""

import re
import sys
from urllib.parse import parse_qs, urlencode, urlsplit

import xbmcaddon

_HOLE = re.compile(r"<(?:(?P<kind>[^:<>]*):)?(?P<name>[^<>]*)>")
_MATCHERS = {"string": "[^/]+?", "path": ".*"}


class RoutingError(Exception):
    pass


class UrlRule:
    """A pattern cut into literal text (str) and holes (name, kind)."""

    def __init__(self, pattern):
        self.parts, at = [], 0
        pattern = pattern.rstrip("/")
        for hole in _HOLE.finditer(pattern):
            kind, name = hole.group("kind") or "string", hole.group("name")
            # The real module quietly treats both of these as literal text.
            if kind not in _MATCHERS:
                raise ValueError("routing knows only string and path: " + pattern)
            if not re.fullmatch("[A-Za-z_]+", name):
                raise ValueError("routing takes no digits in a name: " + pattern)
            self.parts += [pattern[at : hole.start()], (name, kind)]
            at = hole.end()
        self.parts.append(pattern[at:])
        self.names = [part[0] for part in self.parts if isinstance(part, tuple)]
        self._regex = re.compile(
            "".join(
                re.escape(part) if isinstance(part, str) else "(?P<%s>%s)" % (part[0], _MATCHERS[part[1]])
                for part in self.parts
            )
        )

    def match(self, path):
        found = self._regex.fullmatch(path)
        return found.groupdict() if found else None

    def make_path(self, *args, **kwargs):
        if args and kwargs:
            return None
        if args:
            if len(args) != len(self.names):
                return None
            kwargs = dict(zip(self.names, args))
        if not set(self.names) <= set(kwargs):
            return None
        # As in the real module nothing in the path part is quoted.
        path = "".join(part if isinstance(part, str) else str(kwargs[part[0]]) for part in self.parts)
        query = {k: v for k, v in kwargs.items() if k not in self.names}
        return path + ("?" + urlencode(query) if query else "")


class Plugin:
    def __init__(self, base_url=None):
        argv = sys.argv or [""]
        self._rules = {}
        self.path = urlsplit(argv[0]).path or "/"
        self.handle = int(argv[1]) if len(argv) > 1 and argv[1].isdigit() else -1
        self.args = {}
        self.base_url = base_url or "plugin://" + xbmcaddon.Addon().getAddonInfo("id")

    def route(self, pattern):
        def decorator(func):
            self.add_route(func, pattern)
            return func

        return decorator

    def add_route(self, func, pattern):
        self._rules.setdefault(func, []).append(UrlRule(pattern))

    def _find(self, path):
        for func, rules in self._rules.items():
            for rule in rules:
                found = rule.match(path)
                if found is not None:
                    return func, found
        return None, None

    def route_for(self, path):
        if path.startswith(self.base_url):
            path = path[len(self.base_url) :]
        return self._find(path)[0]

    def url_for(self, func, *args, **kwargs):
        for rule in self._rules.get(func, ()):
            path = rule.make_path(*args, **kwargs)
            if path is not None:
                return self.url_for_path(path)
        raise RoutingError("no path to %r with %r %r" % (func.__name__, args, kwargs))

    def url_for_path(self, path):
        return self.base_url + (path if path.startswith("/") else "/" + path)

    def run(self, argv=None):
        argv = sys.argv if argv is None else argv
        # As in the real module the handle is not read again here.
        self.path = urlsplit(argv[0]).path.rstrip("/")
        if len(argv) > 2:
            self.args = parse_qs(argv[2].lstrip("?"))
        self._dispatch(self.path)

    def redirect(self, path):
        self._dispatch(path)

    def _dispatch(self, path):
        func, found = self._find(path)
        if func is None:
            raise RoutingError('no route to path "%s"' % path)
        func(**found)
