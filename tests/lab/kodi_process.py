# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Kodi in a home folder of its own: its processes, its settings files, its log.

Without a screen it runs under Xvfb with Mesa's software GL and a PulseAudio whose only output is a null
sink. Nothing outside the home folder is written, and only processes started here are ended.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from xml.sax.saxutils import escape

from .jsonrpc import JsonRpc, KodiError, wait_for

SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
TOOLS = ("kodi", "Xvfb", "pulseaudio", "ffmpeg")
CRASHED_BY_ITSELF = "Kodi crashed in code of its own"  # without Python or libtorrent; see the Makefile
CRASH_REPORT = 30  # seconds
LAST_LINES = 40
QUIT_TIMEOUT = 15  # seconds; Kodi alone takes less than three

SETTINGS = {
    "services.esenabled": "true",  # TCP JSON-RPC and the event server,
    "services.esallinterfaces": "false",  # on the loopback only
    "services.webserver": "false",  # would listen on every interface
    "services.zeroconf": "false",
    "services.wsdiscovery": "false",
    "addons.unknownsources": "true",
    "general.addonupdates": "2",  # never
    "lookandfeel.enablerssfeeds": "false",
    "screensaver.mode": "",
    "debug.showloginfo": "false",  # its overlay would cover screenshots
}


def missing_tools():
    """What cannot be found of the programs it takes."""
    return [tool for tool in TOOLS if not shutil.which(tool, path=SYSTEM_PATH)]


def free_port(kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET, kind) as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


class KodiProcess:
    """Start, stop and restart Kodi in its home.

    home            the folder to use and keep; by default a temporary one that stop() removes
    screen          on the user's own screen and sound, instead of Xvfb and a null sink
    settings        {id: value} for guisettings.xml
    addon_settings  {add-on id: {setting id: value}} for addon_data/<id>/settings.xml
    env             {name: value, or None to unset} for Kodi's environment
    like            another home, to begin with a copy of it
    """

    def __init__(
        self,
        home=None,
        screen=False,
        settings=None,
        addon_settings=None,
        env=None,
        size=(1280, 720),
        like=None,
    ):
        self.keep = home is not None
        self.home = Path(home).absolute() if home else Path(tempfile.mkdtemp(prefix="kodi-lab-"))
        self.screen, self.size, self.extra_env = screen, size, dict(env or {})
        if like:
            left_out = shutil.ignore_patterns("pulse", "*.out")
            shutil.copytree(like, self.home, symlinks=True, ignore=left_out, dirs_exist_ok=True)
        self.settings = dict(SETTINGS, **(settings or {}))
        self.addon_settings = dict(addon_settings or {})
        self.data = self.home / ".kodi"
        self.addons, self.userdata = self.data / "addons", self.data / "userdata"
        self.zips = self.home / "zips"  # a source in Kodi's file browser
        self.event_port = self.process = self.rpc_client = self.env = None
        self.boot_seconds = self.quit_seconds = self.processes_left = None
        self._helpers = []

    # Start

    def launch(self):
        """Start Kodi; returns once it answers JSON-RPC."""
        missing = missing_tools()
        if missing:
            raise KodiError("not installed: " + ", ".join(missing))
        rpc_port = self._prepare_home()
        if self.env is None:
            self.env = self._environment()
        began = time.monotonic()
        self.process = self._spawn(["kodi", "--windowing=x11"], self.env, "kodi.out")
        self.rpc_client = wait_for(lambda: self._connect(rpc_port), 60, "the JSON-RPC socket", 0.05)
        wait_for(self._answers, 60, "JSONRPC.Ping", 0.05)
        self.boot_seconds = time.monotonic() - began

    def _environment(self):
        # Kodi's own Python must not see the caller's: it looks for its standard library next to the
        # first python3 of PATH. Kodi runs it optimised, for which Debian has no .pyc files; those that
        # Python then writes go into the home.
        strange = ("PYTHON", "PYENV", "VIRTUAL_ENV", "MAKE", "MFLAGS", "CI")
        if not self.screen:
            strange += ("WAYLAND", "XDG_", "DBUS_SESSION_BUS_ADDRESS")
        env = {k: v for k, v in os.environ.items() if not k.lstrip("_").startswith(strange)}
        if self.screen:
            env.setdefault("XAUTHORITY", str(Path.home() / ".Xauthority"))
            env.setdefault("PULSE_COOKIE", str(Path.home() / ".config/pulse/cookie"))
        pycache = str(self.home / "pycache")
        env.update(HOME=str(self.home), KODI_DATA=str(self.data), PATH=SYSTEM_PATH)
        env.update(PYTHONPYCACHEPREFIX=pycache, PYTHONFAULTHANDLER="1")
        if not self.screen:
            env.update(LIBGL_ALWAYS_SOFTWARE="1", DISPLAY=self._start_xvfb(env))
            self._start_audio(env)
        env.update(self.extra_env)
        return {k: v for k, v in env.items() if v is not None}

    def _prepare_home(self):
        for folder in (self.addons, self.userdata, self.zips):
            folder.mkdir(parents=True, exist_ok=True)
        rpc_port, self.event_port = free_port(), free_port(socket.SOCK_DGRAM)
        self.settings["services.esport"] = str(self.event_port)
        # Written afresh at every start: the ports change, and what Kodi saved there is of no interest.
        self._write("guisettings.xml", _settings_xml(self.settings))
        self._write(
            "advancedsettings.xml",
            '<advancedsettings version="1.0"><loglevel>1</loglevel>'
            "<jsonrpc><tcpport>%d</tcpport></jsonrpc></advancedsettings>" % rpc_port,
        )
        self._write(
            "sources.xml",
            '<sources><files><source><name>Zips</name><path pathversion="1">%s/</path>'
            "<allowsharing>true</allowsharing></source></files></sources>" % escape(str(self.zips)),
        )
        for addon_id, values in self.addon_settings.items():
            self._write("addon_data/%s/settings.xml" % addon_id, _settings_xml(values))
        self.addon_settings = {}  # from now on the add-on's own
        return rpc_port

    def _write(self, name, text):
        path = self.userdata / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def _spawn(self, command, env, log, **kwargs):
        with (self.home / log).open("ab") as output:
            return subprocess.Popen(
                command,
                env=env,
                cwd=self.home,  # for a core file, should it crash
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                **kwargs,
            )

    def _start_xvfb(self, env):
        read, write = os.pipe()
        command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "%dx%dx24" % self.size]
        self._helpers.append(
            self._spawn([*command, "-nolisten", "tcp", "-noreset"], env, "xvfb.out", pass_fds=[write])
        )
        os.close(write)
        with os.fdopen(read) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise KodiError("Xvfb did not start: " + self._text("xvfb.out"))
        return ":" + number

    def _start_audio(self, env):
        # Without any audio device Kodi's clock stalls and a video hardly advances.
        runtime = self.home / "pulse"
        runtime.mkdir(mode=0o700, exist_ok=True)
        sock = runtime / "native"
        env.update(PULSE_SERVER="unix:%s" % sock, KODI_AE_SINK="PULSE")
        command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"]
        command += ["--load=module-null-sink sink_name=lab"]
        command += ["--load=module-native-protocol-unix auth-anonymous=1 socket=%s" % sock]
        self._helpers.append(self._spawn(command, dict(env, PULSE_RUNTIME_PATH=str(runtime)), "pulse.out"))
        wait_for(sock.exists, 10, "the PulseAudio socket", 0.05)

    def _connect(self, port):
        if self.process.poll() is not None:
            raise KodiError("Kodi ended at once: " + self._text("kodi.out")[-2000:])
        with contextlib.suppress(OSError):
            return JsonRpc(port)

    def _answers(self):
        with contextlib.suppress(KodiError):
            return self.rpc_client.call("JSONRPC.Ping") == "pong"

    # Stop

    def quit(self):
        """Ask Kodi to quit; quit_seconds is then how long it took, None if it had to be killed.

        Raises KodiError where it crashes.
        """
        began, self.quit_seconds = time.monotonic(), None
        with contextlib.suppress(KodiError):
            self.rpc_client.call("Application.Quit", timeout=5)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(QUIT_TIMEOUT)
            self.quit_seconds = time.monotonic() - began
        self.rpc_client.close()
        self.rpc_client = None
        self.processes_left = self._processes_of_kodi()
        status = self.process.poll()
        _end(self.process)
        if status not in (0, None):
            raise KodiError(self.last_words())

    def stop(self):
        """End everything that was started, and remove the home unless it is to be kept."""
        try:
            if self.rpc_client:
                self.quit()
            elif self.process:
                _end(self.process)
        finally:
            for process in reversed(self._helpers):
                _end(process)
            self._helpers = []
            if not self.keep:
                shutil.rmtree(self.home, ignore_errors=True)

    def _kodi_bin(self):
        """The process that is Kodi: a child of the shell script of that name."""
        return [int(p.name) for p in self._family() if (p / "comm").read_text().startswith("kodi")][-1]

    def _family(self):
        """/proc folders of this Kodi's script and of all that it started."""
        for folder in sorted(Path("/proc").glob("[0-9]*"), key=lambda p: int(p.name)):
            with contextlib.suppress(OSError):
                if os.getsid(int(folder.name)) == self.process.pid:
                    yield folder

    def _processes_of_kodi(self):
        """Command lines of what is alive of Kodi's session, also of what left it: known by KODI_DATA."""
        mark, found = b"KODI_DATA=%s\0" % os.fsencode(self.data), []
        helpers = {process.pid for process in self._helpers}
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if mark in (folder / "environ").read_bytes() and int(folder.name) not in helpers:
                    found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        return found

    # Evidence

    def threads(self, *names):
        """Names of Kodi's threads that begin with one of these (Linux keeps 15 characters)."""
        found = []
        for task in Path("/proc/%d/task" % self._kodi_bin()).iterdir():
            with contextlib.suppress(OSError):
                name = (task / "comm").read_text().strip()
                if name.startswith(names):
                    found.append(name)
        return sorted(found)

    def mapped_files(self):
        """Paths of the files that Kodi has mapped into memory, which are also the libraries it loaded."""
        maps = Path("/proc/%d/maps" % self._kodi_bin()).read_text()
        return sorted({line.split(None, 5)[5] for line in maps.splitlines() if "/" in line})

    def listening(self):
        """Ports of TCP at which Kodi lets others in."""
        process = Path("/proc/%d" % self._kodi_bin())
        mine = set()
        for descriptor in (process / "fd").iterdir():
            with contextlib.suppress(OSError):
                mine.add(os.readlink(descriptor))
        tables = [(process / "net" / name).read_text() for name in ("tcp", "tcp6")]
        lines = [line.split() for table in tables for line in table.splitlines()]
        return {
            int(line[1].rpartition(":")[2], 16)
            for line in lines
            if line[3] == "0A" and "socket:[%s]" % line[9] in mine
        }

    def memory_mb(self):
        """Resident memory of Kodi itself."""
        status = Path("/proc/%d/status" % self._kodi_bin()).read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024

    def _text(self, name):
        path = self.home / name
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def log(self):
        """kodi.log of the latest start."""
        return self._text(".kodi/temp/kodi.log")

    def tracebacks(self):
        """The Python errors that Kodi logged, each as one text, of this start and the one before."""
        begin = "-->Python callback/script returned the following error<--"
        end = "-->End of Python script error report<--"
        logs = self._text(".kodi/temp/kodi.old.log") + self.log()
        return re.findall("%s.*?%s" % (begin, end), logs, re.DOTALL)

    def last_words(self):
        """Of a Kodi that has crashed, as text: what it printed last, the threads of its Python among that,
        and where gdb is installed the calls of the thread that did it. Its last line says whose they are."""
        with contextlib.suppress(subprocess.TimeoutExpired):  # the kodi script writes a report with gdb
            self.process.wait(CRASH_REPORT)
        reports = sorted(self.home.glob("kodi*_crashlog-*.log"))
        calls = _crashed_thread(reports[-1].read_text(errors="replace")) if reports else []
        own = calls and not any(re.search("python|torrent|boost", call) for call in calls)
        logged, printed = self.log().splitlines()[-10:], self._text("kodi.out").splitlines()[-LAST_LINES:]
        said = [line[:150] for line in (*logged, *printed, *calls)]
        return "\n".join([*said, CRASHED_BY_ITSELF if own else "Kodi crashed: %s" % self.process.poll()])


def _crashed_thread(report):
    """Of the kodi script's crash report; gdb names that thread as the last, "Thread 1"."""
    found = re.search(r"^Thread 1 .*?(?=^#{5}|\Z)", report, re.DOTALL | re.MULTILINE)
    return found[0].splitlines()[:LAST_LINES] if found else []


def _settings_xml(values):
    lines = ['<setting id="%s">%s</setting>' % (key, escape(value)) for key, value in values.items()]
    return '<settings version="2">%s</settings>' % "".join(lines)


def _end(process):
    """End a process and its whole group, which start_new_session made: the kodi script may be gone
    while kodi.bin is not."""
    for signal_ in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal_)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)
