# SPDX-License-Identifier: GPL-3.0-or-later
"""Stand-in for script.module.kodi-six on Python 3, where it only passes through."""

__all__ = ["PY2", "encode_decode", "py2_decode", "py2_encode"]
PY2 = False


def py2_encode(s, encoding="utf-8", errors="strict"):
    return s


def py2_decode(s, encoding="utf-8", errors="strict"):
    return s


def encode_decode(func):
    return func
