"""Settings of a shop, its mailboxes and its people, and what could not be done."""

from __future__ import annotations

from dataclasses import dataclass

from opieka.desk.pages.parts import Act, Chip, Choice, Empty, Form, Link, Pager, Person, When
from opieka.desk.pages.tables import Table


@dataclass(frozen=True)
class Tab:
    text: str
    href: str
    icon: str
    current: bool = False


@dataclass(frozen=True)
class SettingsFrame:
    """What every settings screen shows: which shop, which part."""

    title: str
    text: str
    tabs: tuple[Tab, ...]
    shops: tuple[Choice, ...]


@dataclass(frozen=True)
class FormPage:
    """`desk/settings_form.html`: any form of the settings, e.g. the shop or one mailbox.

    `trouble` says what does not work, `notice` what does; `addresses` are to be copied elsewhere, `entered` says where.
    """

    settings: SettingsFrame
    form: Form
    acts: tuple[Act, ...] = ()
    notice: str = ""
    trouble: str = ""
    addresses: tuple[tuple[str, str], ...] = ()
    entered: str = ""


@dataclass(frozen=True)
class ListRow:
    """One of several of a kind: a saved answer, a key, a connection."""

    title: str
    href: str = ""
    text: str = ""
    chip: Chip | None = None
    when: When | None = None
    acts: tuple[Act, ...] = ()
    trouble: str = ""


@dataclass(frozen=True)
class ListPage:
    """`desk/settings_list.html`. `form` adds one; `secret` is shown this once."""

    settings: SettingsFrame
    rows: tuple[ListRow, ...]
    empty: Empty
    add: Link | None = None
    form_title: str = ""
    form: Form | None = None
    secret: str = ""


@dataclass(frozen=True)
class RowGroup:
    """Rows that belong together."""

    title: str
    rows: tuple[ListRow, ...]


@dataclass(frozen=True)
class GroupsPage:
    """`desk/settings_groups.html`. `form` is what else is to be said about all of them."""

    settings: SettingsFrame
    groups: tuple[RowGroup, ...]
    form_title: str
    form: Form


@dataclass(frozen=True)
class MailboxRow:
    """A mailbox, how it receives and sends, and whether both work. `trouble` says in words what does not."""

    address: str
    href: str
    receives: str
    sends: str
    state: Chip
    last: When | None
    trouble: str = ""


@dataclass(frozen=True)
class MailboxesPage:
    """`desk/mailboxes.html`."""

    settings: SettingsFrame
    rows: tuple[MailboxRow, ...]
    table: Table
    add: Link
    empty: Empty


@dataclass(frozen=True)
class StaffRow:
    person: Person
    email: str
    href: str
    role: str
    state: Chip
    last: When | None


@dataclass(frozen=True)
class StaffPage:
    """`desk/staff.html`."""

    settings: SettingsFrame
    rows: tuple[StaffRow, ...]
    table: Table
    invite: Form


@dataclass(frozen=True)
class FailureRow:
    """A touchpoint some reaction could not follow. `error` is the last error in words, `detail` the trace."""

    id: int
    what: str
    subject: Link | None
    reaction: str
    error: str
    detail: str
    when: When
    attempts: int
    retry: Act


@dataclass(frozen=True)
class FailuresPage:
    """`desk/failures.html`: reactions set aside, each with a retry. `parts` are the pages of what was set aside."""

    parts: tuple[Choice, ...]
    rows: tuple[FailureRow, ...]
    empty: Empty
    table: Table
    retry_all: Act | None = None
    pager: Pager | None = None


@dataclass(frozen=True)
class UnreadRow:
    """Something that came in and could not be read. `source` is the address of its bytes as they came."""

    id: int
    what: str
    shop: str
    why: str
    again: str
    detail: str
    when: When
    tries: int
    source: str
    retry: Act


@dataclass(frozen=True)
class UnreadPage:
    """`desk/unread.html`: what came in and could not be read."""

    parts: tuple[Choice, ...]
    rows: tuple[UnreadRow, ...]
    empty: Empty
    table: Table
    retry_all: Act | None = None
    pager: Pager | None = None


@dataclass(frozen=True)
class LeafForm:
    """`desk/form.html`: a form that is a page of its own."""

    title: str
    back: Link
    form: Form
