"""The steps of signing in and of guarding an account, put into words; allauth does the work behind them.

The templates under `account/` and `mfa/` are those allauth asks for by name. Each names its step here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opieka.desk.pages.frame import Frame, LoginPage, Passkey, SafeguardLine
from opieka.desk.pages.parts import Field, Link
from opieka.desk.presenters import fields, frame
from opieka.desk.presenters.reader import Reader


class Account:
    """What the templates of a request's step are given, as `account`."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def frame(self) -> Frame:
        return frame.plain(self.request)

    def step(self, name: str, form: forms.BaseForm | None = None, **more: Any) -> LoginPage:
        """The page of a step; `more` is what the step's view has besides its form."""
        return _STEPS[name](self, form, more)

    @property
    def hidden(self) -> tuple[tuple[str, str], ...]:
        """Where the person was going."""
        wanted = self.request.POST.get("next") or self.request.GET.get("next") or ""
        return (("next", wanted),) if wanted else ()

    def simple(
        self,
        form: forms.BaseForm | None,
        title: str,
        submit: str,
        *,
        text: str = "",
        others: tuple[Link, ...] = (),
    ) -> LoginPage:
        """A step that is a form, posted to where it is."""
        return LoginPage(
            title=title,
            action=self.request.path,
            fields=_visible(form) if form else (),
            submit=submit,
            error=fields.problem(form) if form else "",
            text=text,
            others=others,
            hidden=self.hidden,
        )


def context(request: HttpRequest) -> dict[str, object]:
    """For templates of other applications that are shown in our look."""
    return {"account": Account(request)}


def _visible(form: forms.BaseForm) -> tuple[Field, ...]:
    shown = [bound for bound in form if not bound.is_hidden]
    return tuple(fields.field(bound, autofocus=place == 0) for place, bound in enumerate(shown))


def _login(account: Account, form: Any, _more: Any) -> LoginPage:
    shown = account.simple(form, _("Sign in"), _("Sign in"))
    key = Passkey(reverse("mfa_login_webauthn"), _("Sign in with a passkey"), hidden=account.hidden)
    return replace(shown, passkey=key)


def _logout(account: Account, _form: Any, _more: Any) -> LoginPage:
    stay = Link(_("Stay"), "/")
    return account.simple(None, _("Sign out?"), _("Sign out"), others=(stay,))


def _inactive(account: Account, _form: Any, _more: Any) -> LoginPage:
    text = _("Nobody can sign in with this account any more. An owner of your shop can change that.")
    return account.simple(None, _("This account is closed"), "", text=text, others=(_sign_in(),))


def _reset(account: Account, form: Any, _more: Any) -> LoginPage:
    text = _(
        "Write the address you sign in with. If it is known here, a link to choose a new password is sent to it."
    )
    return account.simple(form, _("New password"), _("Send the link"), text=text, others=(_sign_in(),))


def _reset_done(account: Account, _form: Any, _more: Any) -> LoginPage:
    text = _("If the address is known here, a mail is on its way. The link in it works once, for three days.")
    return account.simple(None, _("Look into your mailbox"), "", text=text, others=(_sign_in(),))


def _reset_key(account: Account, form: Any, more: Any) -> LoginPage:
    if more.get("token_fail"):
        text = _("The link has been used already or is too old. Ask for a new one.")
        again = Link(_("Send a new link"), reverse("account_reset_password"))
        return account.simple(None, _("This link does not work any more"), "", text=text, others=(again,))
    return account.simple(form, _("Choose a new password"), _("Save"))


def _reset_key_done(account: Account, _form: Any, _more: Any) -> LoginPage:
    text = _("Your new password is saved.")
    return account.simple(None, _("Done"), "", text=text, others=(_sign_in(),))


def _change(account: Account, form: Any, _more: Any) -> LoginPage:
    return account.simple(form, _("Change the password"), _("Save"), others=(_profile(),))


def _again(account: Account, form: Any, more: Any) -> LoginPage:
    text = _("You are about to change how your account is guarded. Show once more that it is you.")
    others = tuple(Link(str(way["description"]), way["url"]) for way in more.get("ways") or ())
    return account.simple(form, _("Is it you?"), _("Confirm"), text=text, others=others)


def _again_by_key(account: Account, form: Any, more: Any) -> LoginPage:
    shown = _again(account, None, more)
    key = Passkey(
        account.request.path,
        _("Use a passkey"),
        json.dumps(more["question"]),
        hidden=account.hidden,
        error=fields.problem(form),
    )
    return replace(shown, submit="", passkey=key)


def _second(account: Account, form: Any, more: Any) -> LoginPage:
    text = _("Write the code your authenticator app shows now, or one of your recovery codes.")
    shown = account.simple(form, _("One more step"), _("Sign in"), text=text, others=(_sign_in(),))
    if not more.get("question"):
        return shown
    key = Passkey(
        account.request.path, _("Use a passkey"), json.dumps(more["question"]), hidden=account.hidden
    )
    return replace(shown, passkey=key)


def _safeguards(account: Account, _form: Any, more: Any) -> LoginPage:
    kept = more["kept"]
    app, keys, codes = kept.get("totp"), kept.get("webauthn") or [], kept.get("recovery_codes")
    on = bool(app or keys)
    app_way = (
        Link(_("Switch off"), reverse("mfa_deactivate_totp"))
        if app
        else Link(_("Switch on"), reverse("mfa_activate_totp"))
    )
    key_text = ngettext("%(count)s passkey.", "%(count)s passkeys.", len(keys)) % {"count": len(keys)}
    key_ways = [Link(_("Add one"), reverse("mfa_add_webauthn"))]
    if keys:
        key_ways.insert(0, Link(_("Show"), reverse("mfa_list_webauthn")))
    lines = [
        SafeguardLine(_("Authenticator app"), _("Switched on.") if app else _("Switched off."), (app_way,)),
        SafeguardLine(_("Passkeys"), key_text if keys else _("None yet."), tuple(key_ways)),
    ]
    if on:
        lines.append(_recovery(codes))
    text = _("A second step keeps the shop's customers safe even when a password gets out.")
    shown = account.simple(None, _("Two-step sign-in"), "", text=text, others=(_profile(),))
    return replace(shown, lines=tuple(lines))


def _recovery(codes: Any) -> SafeguardLine:
    new = Link(_("Make new ones"), reverse("mfa_generate_recovery_codes"))
    if not codes:
        return SafeguardLine(_("Recovery codes"), _("None yet. They help when the phone is lost."), (new,))
    left = len(codes.get_unused_codes())
    text = ngettext("%(count)s code left.", "%(count)s codes left.", left) % {"count": left}
    return SafeguardLine(
        _("Recovery codes"), text, (Link(_("Show"), reverse("mfa_view_recovery_codes")), new)
    )


def _app_on(account: Account, form: Any, more: Any) -> LoginPage:
    text = _("Scan this with an authenticator app (or type the key into it), then write the code it shows.")
    shown = account.simple(form, _("Authenticator app"), _("Switch on"), text=text, others=(_guards(),))
    return replace(shown, picture=more["picture"], secret=form.secret)


def _app_off(account: Account, form: Any, _more: Any) -> LoginPage:
    text = _("From now on the password alone opens your account, unless you have a passkey.")
    return account.simple(form, _("Switch off the app?"), _("Switch off"), text=text, others=(_guards(),))


def _codes(account: Account, _form: Any, more: Any) -> LoginPage:
    text = _("Each code signs you in once when your phone is not at hand. Keep them where nobody else looks.")
    others = [_guards()]
    if more.get("can_download"):
        others.insert(0, Link(_("Download"), reverse("mfa_download_recovery_codes")))
    shown = account.simple(None, _("Recovery codes"), "", text=text, others=tuple(others))
    return replace(shown, codes=tuple(more.get("codes") or ()))


def _new_codes(account: Account, form: Any, _more: Any) -> LoginPage:
    text = _("The codes you have now stop working.")
    return account.simple(form, _("New recovery codes?"), _("Make new ones"), text=text, others=(_guards(),))


def _keys(account: Account, _form: Any, more: Any) -> LoginPage:
    reader = Reader.of("UTC")
    lines = tuple(
        SafeguardLine(
            str(key),
            _("Since %(day)s.") % {"day": reader.day(key.created_at)},
            (
                Link(_("Rename"), reverse("mfa_edit_webauthn", args=[key.pk])),
                Link(_("Remove"), reverse("mfa_remove_webauthn", args=[key.pk])),
            ),
        )
        for key in more["kept"]
    )
    add = Link(_("Add one"), reverse("mfa_add_webauthn"))
    text = "" if lines else _("None yet.")
    shown = account.simple(None, _("Passkeys"), "", text=text, others=(add, _guards()))
    return replace(shown, lines=lines)


def _key_on(account: Account, form: Any, more: Any) -> LoginPage:
    text = _("A passkey is your phone, your computer or a key on your ring: it signs you in by a touch.")
    shown = account.simple(None, _("Add a passkey"), "", text=text, others=(_guards(),))
    key = Passkey(
        account.request.path,
        _("Add"),
        json.dumps(more["question"]),
        make=True,
        fields=_visible(form),
        error=fields.problem(form),
    )
    return replace(shown, passkey=key)


def _key_edit(account: Account, form: Any, _more: Any) -> LoginPage:
    return account.simple(form, _("Rename the passkey"), _("Save"), others=(_guards(),))


def _key_off(account: Account, _form: Any, more: Any) -> LoginPage:
    text = _("“%(name)s” cannot sign you in any more.") % {"name": more["key"]}
    return account.simple(None, _("Remove the passkey?"), _("Remove"), text=text, others=(_guards(),))


def _sign_in() -> Link:
    return Link(_("Back to signing in"), reverse("account_login"))


def _profile() -> Link:
    return Link(_("Back to your profile"), reverse("desk:me"))


def _guards() -> Link:
    return Link(_("Back"), reverse("mfa_index"))


_STEPS: Mapping[str, Callable[[Account, Any, Any], LoginPage]] = {
    "login": _login,
    "logout": _logout,
    "inactive": _inactive,
    "reset": _reset,
    "reset_done": _reset_done,
    "reset_key": _reset_key,
    "reset_key_done": _reset_key_done,
    "change": _change,
    "again": _again,
    "again_by_key": _again_by_key,
    "second": _second,
    "safeguards": _safeguards,
    "app_on": _app_on,
    "app_off": _app_off,
    "codes": _codes,
    "new_codes": _new_codes,
    "keys": _keys,
    "key_on": _key_on,
    "key_edit": _key_edit,
    "key_off": _key_off,
}
