# SPDX-License-Identifier: GPL-3.0-or-later
"""The films and files of the benchmark, made once, and their torrents.

The films are ten minutes at 3.6 Mbit/s, the same pictures with the index in front (mp4), at the end
(mp4) and as mkv. A file of 1 GiB is random; one of 8 GiB is sparse, so it takes no room to seed.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from lab.torrents import bencode

MIB = 1 << 20
FRONT, END, MKV = "front.mp4", "end.mp4", "film.mkv"
RANDOM, SPARSE = "random.bin", "sparse.bin"
FILMS = (FRONT, END, MKV)
SECONDS = 600
SIZES = {RANDOM: 1 << 30, SPARSE: 8 << 30}
PIECES = {RANDOM: 2 * MIB, SPARSE: 4 * MIB}  # the films': 1 MiB
FFMPEG = ["ffmpeg", "-nostdin", "-v", "error", "-y"]


@dataclass(frozen=True)
class Film:
    """A file to be streamed, and what a .torrent says of it."""

    path: Path
    piece_length: int
    info: bytes  # bencoded

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    @property
    def info_hash(self) -> str:
        return hashlib.sha1(self.info).hexdigest()

    @property
    def rate(self) -> float:
        """Bytes a second of a film."""
        return self.size / SECONDS

    def torrent(self, tracker: str, web_seed: str = "") -> bytes:
        """The .torrent; `info` is its last key but for web seeds."""
        seeds = bencode("url-list") + bencode([web_seed]) if web_seed else b""
        return b"d" + bencode("announce") + bencode(tracker) + b"4:info" + self.info + seeds + b"e"

    def magnet(self, tracker: str) -> str:
        return "magnet:?xt=urn:btih:%s&dn=%s&tr=%s" % (self.info_hash, self.name, tracker)

    def index(self) -> tuple[int, int]:
        """Where the `moov` box of an mp4 lies (ISO/IEC 14496-12): first byte and length."""
        at = 0
        with self.path.open("rb") as opened:
            while at < self.size:
                opened.seek(at)
                head = opened.read(16)
                length = int.from_bytes(head[:4], "big")
                if length == 1:
                    length = int.from_bytes(head[8:16], "big")
                if head[4:8] == b"moov":
                    return at, length
                at += length or self.size
        raise ValueError("no index in " + self.name)


class Media:
    """The folder with all of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def film(self, name: str) -> Film:
        path = self.folder / name
        if not path.exists():
            _make(path)
        length = PIECES.get(name, MIB)
        described = self.folder / (name + ".info")
        if not described.exists() or described.stat().st_mtime < path.stat().st_mtime:
            described.write_bytes(_info(path, length))
        return Film(path, length, described.read_bytes())


def _make(path: Path) -> None:
    part = path.with_name("part-" + path.name)
    if path.name == SPARSE:
        with part.open("wb") as opened:
            opened.truncate(SIZES[SPARSE])
    elif path.name == RANDOM:
        with part.open("wb") as opened:
            for _ in range(SIZES[RANDOM] // MIB):
                opened.write(os.urandom(MIB))
    elif path.name == END:
        _encode(part)
    else:
        end = path.with_name(END)
        if not end.exists():
            _make(end)
        options = ["-movflags", "+faststart"] if path.name == FRONT else []
        subprocess.run([*FFMPEG, "-i", str(end), "-c", "copy", *options, str(part)], check=True)
    part.replace(path)


def _encode(target: Path) -> None:
    """Two minutes of moving noise, five times over: noise keeps the bit rate up."""
    once, order = target.with_name("two-minutes.mp4"), target.with_name("order.txt")
    picture = ["-f", "lavfi", "-i", "testsrc2=s=1920x1080:r=24,noise=alls=12:allf=t"]
    sound = ["-f", "lavfi", "-i", "sine=f=440:r=48000"]
    video = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "96", "-pix_fmt", "yuv420p"]
    rate = ["-b:v", "3500k", "-maxrate", "5000k", "-bufsize", "7000k", "-c:a", "aac"]
    length = ["-t", str(SECONDS // 5)]
    subprocess.run([*FFMPEG, *picture, *sound, *length, *video, *rate, str(once)], check=True)
    order.write_text("file %s\n" % once.name * 5)
    subprocess.run([*FFMPEG, "-f", "concat", "-i", str(order), "-c", "copy", str(target)], check=True)
    once.unlink()
    order.unlink()


def _info(path: Path, piece_length: int) -> bytes:
    size = path.stat().st_size
    if path.name == SPARSE:
        pieces = hashlib.sha1(bytes(piece_length)).digest() * (size // piece_length)
    else:
        with path.open("rb") as opened:
            pieces = b"".join(
                hashlib.sha1(piece).digest() for piece in iter(lambda: opened.read(piece_length), b"")
            )
    return bencode({"length": size, "name": path.name, "piece length": piece_length, "pieces": pieces})
