"""A private Dovecot: own configuration, own folders, a free port, one user."""

from __future__ import annotations

import grp
import imaplib
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from opieka.channels.types import Security, Server

PROGRAM = shutil.which("dovecot") or "/usr/sbin/dovecot"
USER, PASSWORD = "sklep@las.example", "zażółć-gęślą"

CONFIG = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
mail_location = maildir:{home}/mail/%u
mail_max_userip_connections = 50
default_internal_user = {user}
default_login_user = {login}
default_internal_group = {group}
first_valid_uid = 0
first_valid_gid = 0
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail/%u
}}
"""


@dataclass
class Dovecot:
    """A running server."""

    home: Path
    port: int

    @property
    def server(self) -> Server:
        return Server("127.0.0.1", self.port, Security.PLAIN, USER, PASSWORD)

    @contextmanager
    def session(self) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=20) as client:
            client.authenticate("PLAIN", lambda _: f"\0{USER}\0{PASSWORD}".encode())
            yield client

    def put(self, *raws: bytes, folder: str = "INBOX", date: float | None = None) -> None:
        """Mails arrive."""
        with self.session() as client:
            if folder != "INBOX":
                client.create(folder)
            for raw in raws:
                when = imaplib.Time2Internaldate(date or time.time())
                assert client.append(folder, "", when, raw)[0] == "OK"

    def renumber(self) -> None:
        """The folder is given another UIDVALIDITY, as after a server was moved."""
        folder = self.home / "mail" / USER
        for file in folder.glob("dovecot.index*"):
            file.unlink()
        uids = folder / "dovecot-uidlist"
        uids.write_text(re.sub(r" V(\d+)", lambda v: f" V{int(v[1]) + 1000}", uids.read_text(), count=1))

    def drop_connections(self) -> None:
        """Everybody is disconnected."""
        config = str(self.home / "dovecot.conf")
        subprocess.run(["doveadm", "-c", config, "kick", USER], check=False, capture_output=True)


@contextmanager
def running(home: Path) -> Iterator[Dovecot]:
    """Start a server in an empty folder, which must have a short path."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for name in ("run", "state", "mail"):
        (home / name).mkdir()
    home.chmod(0o755)
    # Its processes refuse to be root; an ordinary user can only be himself.
    root = os.getuid() == 0
    owner = pwd.getpwnam("dovecot") if root else pwd.getpwuid(os.getuid())
    os.chown(home / "mail", owner.pw_uid, owner.pw_gid)
    text = CONFIG.format(
        home=home,
        user=owner.pw_name,
        login="dovenull" if root else owner.pw_name,
        group=grp.getgrgid(owner.pw_gid).gr_name,
        port=port,
        password=PASSWORD,
        uid=owner.pw_uid,
        gid=owner.pw_gid,
    )
    (home / "dovecot.conf").write_text(text)
    process = subprocess.Popen([PROGRAM, "-F", "-c", str(home / "dovecot.conf")], stderr=subprocess.PIPE)
    made = Dovecot(home, port)
    try:
        _until_it_answers(made, process)
        yield made
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)


def _until_it_answers(made: Dovecot, process: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        try:
            with made.session():
                return
        except (OSError, imaplib.IMAP4.error):
            if process.poll() is not None:
                break
            time.sleep(0.1)
    log = made.home / "log"
    raise RuntimeError(f"Dovecot does not start: {log.read_text() if log.exists() else 'no log'}")
