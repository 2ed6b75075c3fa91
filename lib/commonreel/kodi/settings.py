# SPDX-License-Identifier: GPL-3.0-or-later
"""What the user has chosen in the add-on's settings (resources/settings.xml)."""

from __future__ import annotations

from dataclasses import dataclass, field

from .api import xbmcaddon, xbmcvfs
from .call import Call

_CHOICES = (
    "country",
    "quality",
    "sharing",
    "quiet_from",
    "quiet_until",
    "encryption",
    "proxy_type",
)  # texts nobody has typed


@dataclass(frozen=True)
class Settings:
    country: str  # the viewer's, ISO 3166-1 alpha-2; '' until confirmed
    quality: str  # screen | 1080 | 720 | 480 | smallest
    overlay: bool  # over the picture: how the film is coming
    appeal: bool  # after a film: whom to give to
    next_episode: bool  # is announced while one ends, and then begins
    local_folder: str  # a catalogue folder of the user's own, a path of the system; '' for none
    library_update: bool  # the library follows the catalogue
    remote: bool  # an engine on another machine fetches the films
    remote_address: str  # of that: HOST:PORT
    remote_token: str = field(repr=False)  # what it knows us by; kept out of logs
    cache_gb: int  # limit of the disk cache, GiB
    sharing: str  # web | taking | watching | patron; '' until chosen: that is as watching
    patron_gb: int  # of films in need that a patron keeps for others, GiB
    patron_kbps: int  # limit of what a patron gives while nobody watches, 1000 bytes a second; 0: none
    upload_kbps: int  # limit of that, 1000 bytes a second; 0: none
    share_ratio: float  # times what was taken; 0: no limit
    share_hours: int  # after a film was last watched; 0: no limit
    quiet_hours: bool  # whether there are hours of the day without sharing
    quiet_from: str  # 'HH:MM', local time
    quiet_until: str
    connections: int
    interface: str  # an address or a device's name; '' for any
    encryption: str  # allowed | required | off
    dht: bool
    lsd: bool
    upnp: bool
    ipv6: bool
    proxy_type: str  # none | socks5 | http
    proxy_host: str
    proxy_port: int
    proxy_user: str
    proxy_password: str = field(repr=False)


def read() -> Settings:
    """The settings as they are now."""
    chosen = xbmcaddon.Addon().getSettings()
    return Settings(
        country=chosen.getString("country"),
        quality=chosen.getString("quality"),
        overlay=chosen.getBool("overlay"),
        appeal=chosen.getBool("appeal"),
        next_episode=chosen.getBool("next_episode"),
        local_folder=xbmcvfs.translatePath(chosen.getString("local_folder")),
        library_update=chosen.getBool("library_update"),
        remote=chosen.getBool("remote"),
        remote_address=chosen.getString("remote_address"),
        remote_token=chosen.getString("remote_token"),
        cache_gb=chosen.getInt("cache_gb"),
        sharing=chosen.getString("sharing"),
        patron_gb=chosen.getInt("patron_gb"),
        patron_kbps=chosen.getInt("patron_kbps"),
        upload_kbps=chosen.getInt("upload_kbps"),
        share_ratio=chosen.getNumber("share_ratio"),
        share_hours=chosen.getInt("share_hours"),
        quiet_hours=chosen.getBool("quiet_hours"),
        quiet_from=chosen.getString("quiet_from"),
        quiet_until=chosen.getString("quiet_until"),
        connections=chosen.getInt("connections"),
        interface=chosen.getString("interface").strip(),
        encryption=chosen.getString("encryption"),
        dht=chosen.getBool("dht"),
        lsd=chosen.getBool("lsd"),
        upnp=chosen.getBool("upnp"),
        ipv6=chosen.getBool("ipv6"),
        proxy_type=chosen.getString("proxy_type"),
        proxy_host=chosen.getString("proxy_host").strip(),
        proxy_port=chosen.getInt("proxy_port"),
        proxy_user=chosen.getString("proxy_user"),
        proxy_password=chosen.getString("proxy_password"),
    )


def shown(chosen: Settings) -> dict[str, object]:
    """Each by its name, to be shown to others: of what a user has typed, only whether there is something."""
    return {
        name: value if not isinstance(value, str) or name in _CHOICES else "set" if value else "not set"
        for name, value in vars(chosen).items()
    }


def secrets(chosen: Settings) -> list[str]:
    """What a user has typed."""
    return [value for name, value in vars(chosen).items() if isinstance(value, str) and name not in _CHOICES]


def show(_call: Call) -> None:
    """Open Kodi's window of the add-on's settings."""
    xbmcaddon.Addon().openSettings()


def set_library_update(on: bool) -> None:
    """Whether the library follows the catalogue."""
    xbmcaddon.Addon().setSettingBool("library_update", on)
