# SPDX-License-Identifier: GPL-3.0-or-later
"""libtorrent's parameters for what is added to a session. `lt` is the libtorrent module."""

from __future__ import annotations

from typing import Any, Sequence

from ..net.address import near
from ..works import metainfo
from ..works.errors import TorrentInvalid
from ..works.metainfo import Metainfo
from ..works.protocols import Torrent
from .options import EVERYWHERE


def film(lt: Any, meta: Metainfo, torrent: Torrent) -> Any:
    """For a film, complete but for what is on disk. Raises TorrentInvalid.

    Files that are not wanted must keep their priority: else libtorrent puts what they share of the
    film's pieces into a file of its own making. Priorities are those of pieces, from the start.
    """
    try:
        wanted = lt.load_torrent_buffer(torrent.metainfo, {"max_buffer_size": metainfo.MAX_BYTES})
    except RuntimeError as error:
        raise TorrentInvalid(str(error)) from error
    wanted.renamed_files = {file.index: str(file.index) for file in meta.files}
    _set_trackers(wanted, askable([*meta.trackers, *torrent.trackers], torrent.local))
    wanted.url_seeds = list(dict.fromkeys([*meta.web_seeds, *torrent.web_seeds]))
    wanted.peers = list(torrent.peers)
    wanted.flags = _flags(lt, wanted.flags)
    return wanted


def metadata(lt: Any, info_hash: str, trackers: Sequence[str]) -> Any:
    """For a torrent of which nothing but its metadata is wanted. Raises TorrentInvalid."""
    kind = "btih:" if len(info_hash) == 40 else "btmh:1220"
    try:
        wanted = lt.parse_magnet_uri("magnet:?xt=urn:" + kind + info_hash)
    except RuntimeError as error:
        raise TorrentInvalid(str(error)) from error
    _set_trackers(wanted, trackers)
    wanted.flags = _flags(lt, wanted.flags) | lt.torrent_flags.default_dont_download
    return wanted


def set_filters(lt: Any, session: Any, refused: Sequence[tuple[str, str]]) -> None:
    """Refuse every source in these ranges of addresses, first and last.

    And treat peers on the local network like all others: libtorrent would exempt them from limits.
    """
    filtered = lt.ip_filter()
    for first, last in refused:
        filtered.add_rule(first, last, 1)
    session.set_ip_filter(filtered)
    everybody = lt.ip_filter()
    for first, last in EVERYWHERE:
        everybody.add_rule(first, last, 1 << session.global_peer_class_id)
    session.set_peer_class_filter(everybody)


def forbid_writing(lt: Any, handle: Any) -> None:
    """As libtorrent does by itself where the disk is full; Swarm.renew() ends it."""
    handle.set_flags(lt.torrent_flags.upload_mode)


def askable(trackers: Sequence[str], local: bool) -> tuple[str, ...]:
    """Those that may be asked: for a public torrent none on this machine or network.

    libtorrent refuses such addresses by set_filters(), but not when it asks through a SOCKS5 proxy.
    """
    return tuple(tracker for tracker in trackers if local or not near(tracker))


def _set_trackers(wanted: Any, trackers: Sequence[str]) -> None:
    wanted.trackers = list(dict.fromkeys(trackers))
    wanted.tracker_tiers = list(range(len(wanted.trackers)))


def _flags(lt: Any, flags: int) -> int:
    """When a torrent runs is our business, not libtorrent's."""
    return int(flags & ~lt.torrent_flags.auto_managed & ~lt.torrent_flags.paused)
