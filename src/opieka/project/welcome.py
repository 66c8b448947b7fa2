"""What `opieka serve` says when it is up."""

from __future__ import annotations

from django.conf import settings

from opieka.project.demo import load


def text() -> str:
    """Where the desk is; where the demo is loaded, also who may log in and how to send its shop a mail."""
    up = f"[green]Opieka is up:[/] {settings.OPIEKA.url}"
    return f"{up}\n{_demo()}" if load.is_loaded() else up


def _demo() -> str:
    login = f"Demo login: [bold]{load.LOGIN}[/], password [bold]{load.PASSWORD}[/]"
    host, port = settings.OPIEKA.smtp_host, settings.OPIEKA.smtp_port
    if not port:
        return login
    return (
        f"{login}\n"
        f"Write to the shop with any mail program that sends by {host}, port {port}, to {load.MAILBOX}, or:\n"
        f"  printf 'From: you@example.com\\nSubject: Hello\\n\\nWhere is my parcel?\\n' | curl smtp://{host}:{port} "
        f"--mail-from you@example.com --mail-rcpt {load.MAILBOX} --upload-file -"
    )
