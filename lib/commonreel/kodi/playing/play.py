# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays a film: asks the service for it, tells the viewer how it is coming, hands it to Kodi's player."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Iterator, Mapping, Optional, Tuple

from ...works import rights
from ...works.errors import CommonReelError, NoSource, NotFreeHere, ServiceUnavailable, error_for
from ...works.work import Work
from .. import address, catalogue, dialogs, remote, rpc, settings, state
from ..api import xbmc, xbmcgui, xbmcplugin
from ..call import Call
from ..lists import health, items, listing
from ..screens import parental, quality
from ..words.strings import Text, language, text
from . import subtitles, webcopy
from .progress import QUICK_SECONDS, Progress

if TYPE_CHECKING:
    from ...proxy.client import Client

log = logging.getLogger(__name__)

KODI_SECONDS = 15.0  # Kodi says "Playback failed" of a film that is cancelled or refused after 20
SERVICE_SECONDS = 8.0  # to wait for a service that is starting
SUBTITLE_SECONDS = 0.7  # to wait for the viewer's subtitles where the film is ready
SILENT_SECONDS = 45.0  # to wait while nothing at all comes
NOBODY = -1  # in the place of a call's handle

Status = Mapping[str, Any]  # of a stream, see works.protocols.Control
Outcome = Tuple[Optional[Status], webcopy.Choice]  # a stream that is ready, or what is wanted instead


class Waiting:
    """Kodi, that waits for the one setResolvedUrl of a call."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._lock = threading.Lock()
        self.over = handle < 0
        self.asked = 0.0  # seconds that the viewer was asked something for

    def answer(self, item: xbmcgui.ListItem | None) -> None:
        """Give it the film to play, or None: nothing. Only the first answer counts."""
        with self._lock:
            over, self.over = self.over, True
        if not over:
            xbmcplugin.setResolvedUrl(self._handle, item is not None, item or xbmcgui.ListItem())

    @contextmanager
    def let_go_in_time(self) -> Iterator[None]:
        """While the viewer is asked something, for as long as that takes."""
        late, began = threading.Timer(KODI_SECONDS, self.answer, (None,)), time.monotonic()
        late.start()
        try:
            yield
        finally:
            self.asked = time.monotonic() - began
            late.cancel()
            late.join()


def play(call: Call, kodi: Waiting) -> xbmcgui.ListItem | None:
    """The film as Kodi is to play it, or None: cancelled, or there was nothing to play.

    Raises UnknownWork, WorkWithdrawn, NotFreeHere, AboveLevel, and whatever the service fails of.
    """
    work_id = call.text("id")
    if not work_id:  # Kodi likes to list a film's parent folder, which is not there
        return None
    if kodi.over:  # called as a script: nobody waits for what to play
        _tell_player(work_id, call.resume)
        return None
    country = settings.read().country
    work = _work(work_id, country, kodi)
    with Progress(work.title(language())) as progress:
        ready = _fetch(work, _resume_point(call), progress, kodi)
    if ready and kodi.over:
        _tell_player(work_id, call.resume)
    return _resolved(work, country, ready) if ready else None


def try_start(call: Call) -> None:
    """See how well a film starts: get it ready, and say what that was like. It is left ready for a while.

    Raises what play() does.
    """
    nobody = Waiting(NOBODY)
    work = _work(call.text("id"), settings.read().country, nobody)
    title = work.title(language())
    with Progress(title, quiet=0.0) as progress:
        ready = _fetch(work, 0.0, progress, nobody)
    if ready:
        said = " · ".join(health.words(health.known([work]).get(work.id)))
        dialogs.explain("\n".join([text(Text.TRY_READY, title=title), said[:1].upper() + said[1:]]))


def _work(work_id: str, country: str, kodi: Waiting) -> Work:
    with catalogue.store() as store:
        work = store.work(work_id)
    if not rights.free_in(work.rights, country):
        raise NotFreeHere(work_id)
    with kodi.let_go_in_time():
        parental.admit(work)
    return work


def _tell_player(work_id: str, resume: bool) -> None:
    xbmc.executebuiltin("PlayMedia(%s%s)" % (address.play(work_id), ",resume" if resume else ""))


def _fetch(work: Work, resume: float, progress: Progress, kodi: Waiting) -> Status | None:
    """The status of the stream as soon as it is ready to play, None if the viewer has cancelled."""
    client = _service(progress)
    if client is None:
        return None
    ready, choice = _try(client, work, resume, progress, kodi)
    if choice is webcopy.Choice.WEB_COPY:
        ready, _ = _try(client, work, resume, progress, kodi, webcopy.VIA)
    return ready


def _try(
    client: Client, work: Work, resume: float, progress: Progress, kodi: Waiting, via: str = ""
) -> Outcome:
    """Open the film one way, and wait for it."""
    encoding = quality.encoding(work)
    stream = client.open(work.id, encoding.key, resume, subtitles.languages(), via)
    ready = None
    try:
        ready, choice = _watch(client, stream, progress, kodi)
        if ready:
            health.note(work, encoding, ready, progress.waited)
            ready = _with_subtitles(client, stream, ready)
    finally:
        if ready is None:
            _close(client, stream)
    return ready, choice


def _service(progress: Progress) -> Client | None:
    """The way to the service once it is up, None if the viewer has cancelled; or to the engine on another
    machine where the settings name one."""
    chosen = settings.read()
    if chosen.remote:
        return remote.client(chosen)
    from ...proxy.client import Client  # here, for it is slow to import and no list needs it

    now = state.read()
    while now.status == state.STARTING and progress.waited < SERVICE_SECONDS:
        if not progress.wait({"state": state.STARTING}):
            return None
        now = state.read()
    if now.status == state.ERROR:
        raise error_for(now.reason)
    if now.status == state.READY:
        return Client(now.port, now.secret)
    raise ServiceUnavailable("still starting")


def _watch(client: Client, stream: str, progress: Progress, kodi: Waiting) -> Outcome:
    """Wait until the stream is ready, for as long as something comes; None, and what the viewer wants
    instead.

    Fetching the torrent has limits of its own, in the service.
    """
    began = progress.waited
    before, alive, asked = None, began, False
    while progress.waited - alive < SILENT_SECONDS:
        status = client.status(stream)
        if status["state"] == "failed":
            raise client.failure(_reason(status))
        if status["state"] == "ready":
            return status, webcopy.Choice.WAIT
        now = (status["state"], status.get("fromPeers"), status.get("fromWeb"))
        if now != before or status["state"] == "fetching":
            before, alive = now, progress.waited
        if kodi.asked + progress.waited > KODI_SECONDS:
            kodi.answer(None)  # when the film is ready the player is told to play it
        if not asked and webcopy.worth_asking(status, progress.waited - began):
            asked = True
            choice = _ask(client, stream, progress, kodi)
            if choice is not webcopy.Choice.WAIT:
                return None, choice
        elif not progress.wait(status, progress.waited - alive):
            return None, webcopy.Choice.CANCEL
    silence = "nothing came for %d s" % SILENT_SECONDS
    raise client.failure(_reason({**status, "error": NoSource.code, "detail": silence}))


def _ask(client: Client, stream: str, progress: Progress, kodi: Waiting) -> webcopy.Choice:
    """Which way the viewer wants it; none that is left waiting may keep Kodi waiting."""

    def settled() -> bool:
        try:
            return client.status(stream)["state"] in ("ready", "failed")
        except CommonReelError:
            return True  # the next look says it

    kodi.answer(None)
    progress.hide()
    return webcopy.ask(progress.title, settled)


def _with_subtitles(client: Client, stream: str, ready: Status) -> Status:
    """The status a moment later, where the subtitles that the viewer wants are about to be here. Others are
    given to the player while it plays."""
    monitor = xbmc.Monitor()
    for _ in range(int(SUBTITLE_SECONDS / QUICK_SECONDS)):
        if not ready.get("subtitlesAwaited") or monitor.waitForAbort(QUICK_SECONDS):
            break
        ready = {**ready, **client.status(stream)}
    return ready


def _reason(status: Status) -> CommonReelError:
    """Why a stream has failed. That nobody on the web has the film matters less than why there are no
    other viewers to ask."""
    code, lack = str(status.get("error")), status.get("webOnly")
    return error_for(str(lack) if lack and code == NoSource.code else code, str(status.get("detail")))


def _close(client: Client, stream: str) -> None:
    try:
        client.close(stream)
    except CommonReelError as error:
        log.info("the service closes that stream by itself: %s", error)


def _resolved(work: Work, country: str, ready: Status) -> xbmcgui.ListItem:
    """The same item as in the list, for Kodi puts this one in its place; with the film's address."""
    item = listing.made(items.item(work, country, quality.encoding(work)))
    item.setPath(str(ready["url"]))
    item.setMimeType(str(ready["mime"]))
    item.setContentLookup(False)
    item.setSubtitles(subtitles.addresses(ready))
    return item


def _resume_point(call: Call) -> float:
    """Where the viewer left the film, in seconds; Kodi's database has it under the film's address."""
    if not call.resume:
        return 0.0
    # Kodi would look for the film in the list that it had from our first screen, and say that there is
    # none. It forgets a list when that fails.
    rpc.ask("Files.GetDirectory", directory=address.nothing(), media="video")
    answer = rpc.ask("Files.GetFileDetails", file=call.address, media="video", properties=["resume"])
    resume = answer.get("result", {}).get("filedetails", {}).get("resume", {})
    return float(resume.get("position", 0.0))
