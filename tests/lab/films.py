# SPDX-License-Identifier: GPL-3.0-or-later
"""Films made by ffmpeg: ten minutes with a burned-in clock and a tone, small enough to be quick.

Made once, kept in build/films.
"""

from __future__ import annotations

import fcntl
import subprocess
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "build" / "films"
SECONDS = 600
FONTS = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
BIT_RATE = 250  # kbit/s, about, with the sound

# A wide gradient that moves, and the clock over it. libx264 at this size takes seconds for ten minutes.
PICTURE = "gradients=size=320x180:rate=12:speed=0.02:duration={seconds}:c0=0x10142a:c1=0x5a3c8c:nb_colors=2"
NOISE = "noise=alls=14:allf=t"
CLOCK = (
    "drawtext=fontfile={font}:fontsize=44:fontcolor=white:x=(w-text_w)/2:y=(h-text_h)/2:text='%{{pts\\:hms}}'"
)
SOUND = "sine=frequency={pitch}:sample_rate=24000:duration={seconds}"


def ffmpeg(*arguments):
    subprocess.run(["ffmpeg", "-nostdin", "-loglevel", "error", "-y", *arguments], check=True)


def _encode(target, seconds, pitch):
    picture = PICTURE.format(seconds=seconds)
    filters = "%s,%s" % (NOISE, CLOCK.format(font=FONTS))
    video = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "48", "-pix_fmt", "yuv420p"]
    video += ["-b:v", "210k", "-maxrate", "260k", "-bufsize", "500k"]
    ffmpeg(
        *("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", SOUND.format(pitch=pitch, seconds=seconds)),
        *("-vf", filters, *video, "-c:a", "aac", "-b:a", "32k", "-shortest", str(target)),
    )


def film(name, seconds=SECONDS, pitch=330):
    """The path of build/films/NAME, made if it is not there: an mp4 with its index at the end, or an mkv.

    Another pitch makes other bytes.
    """
    return made_once(name, lambda target: _encode(target, seconds, pitch))


def made_once(name, make):
    """The path of build/films/NAME. `make(path)` makes it if it is not there: who comes meanwhile waits."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    target = FOLDER / name
    with (FOLDER / (name + ".lock")).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists():
            being_made = FOLDER / ("being-made." + name)
            make(being_made)
            being_made.rename(target)
    return target


def main():
    for name in ("demo.mp4", "demo.mkv"):
        print(film(name))


if __name__ == "__main__":
    main()
