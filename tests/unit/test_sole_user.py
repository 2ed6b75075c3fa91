# SPDX-License-Identifier: GPL-3.0-or-later
"""One process at a time in a cache."""

from __future__ import annotations

import pytest

from commonreel import cli
from commonreel.cli import sole_user


def test_a_second_user_is_refused_and_the_next_is_not(tmp_path):
    folder = tmp_path / "new" / "cache"
    with sole_user.of(folder), pytest.raises(ValueError, match="another commonreel"), sole_user.of(folder):
        pass
    with sole_user.of(folder):
        pass


def test_a_second_stream_in_the_same_cache_says_so(tmp_path, capsys):
    with sole_user.of(tmp_path):
        assert cli.main(["stream", "--cache", str(tmp_path), "film.torrent"]) == 2
    assert "another commonreel" in capsys.readouterr().out
