"""What surrounds every screen of the desk."""

from __future__ import annotations

from dataclasses import dataclass

from opieka.desk.pages.parts import Choice, Field, Link, Person, Toast


@dataclass(frozen=True)
class NavItem:
    """A place in the rail. `keys` is its shortcut ("g i"); `count` is shown when it is not zero."""

    text: str
    href: str
    icon: str
    keys: str
    current: bool = False
    count: int = 0
    alarming: bool = False


@dataclass(frozen=True)
class Shortcut:
    keys: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Frame:
    """Who is looking, in which language and theme, and where the rail leads.

    `theme` is "light", "dark" or "" for what the system prefers (cookie `theme`). `live` is the address of
    the event stream including the cursor this page was rendered at, empty when nobody is signed in.
    `palette` answers `?q=` with `desk/_palette.html`.
    """

    language: str
    direction: str
    theme: str
    staff: Person | None
    nav: tuple[NavItem, ...]
    live: str
    palette: str
    profile: str
    logout: str
    languages: tuple[Choice, ...]
    set_language: str
    shortcuts: tuple[Shortcut, ...] = ()
    toasts: tuple[Toast, ...] = ()


@dataclass(frozen=True)
class PaletteItem:
    """One place the palette leads to, with the icon of its kind and a few words to tell namesakes apart."""

    link: Link
    icon: str
    hint: str = ""


@dataclass(frozen=True)
class Palette:
    """`desk/_palette.html`: what `query` finds; the places of the rail when it is empty."""

    query: str
    items: tuple[PaletteItem, ...]


@dataclass(frozen=True)
class Passkey:
    """A button that asks the device for a passkey and posts what it answers to `action` as `credential`.

    `make`: a new one is made. `options` are the server's, as JSON; empty: they are fetched from `action`.
    """

    action: str
    label: str
    options: str = ""
    make: bool = False
    fields: tuple[Field, ...] = ()
    hidden: tuple[tuple[str, str], ...] = ()
    error: str = ""


@dataclass(frozen=True)
class SafeguardLine:
    """One safeguard of an account: an authenticator app, a passkey, the recovery codes."""

    title: str
    text: str
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class LoginPage:
    """`desk/login.html`: one step of signing in or of guarding an account.

    `fields` of the step (name and password, or the code) come with their errors; without `submit` there is no
    form. `picture` is a code to scan, `secret` the same to type, `codes` are shown to be kept.
    """

    title: str
    action: str
    fields: tuple[Field, ...]
    submit: str
    error: str = ""
    text: str = ""
    others: tuple[Link, ...] = ()
    hidden: tuple[tuple[str, str], ...] = ()
    passkey: Passkey | None = None
    lines: tuple[SafeguardLine, ...] = ()
    picture: str = ""
    secret: str = ""
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ErrorPage:
    """`desk/error.html`: what went wrong, whether anything was changed, and the way on."""

    status: int
    title: str
    text: str
    way: Link
    reference: str = ""
