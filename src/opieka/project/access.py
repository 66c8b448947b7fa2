"""Who may use which view: one table, enforced for every request, refusing what it does not name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from opieka.project import aside
from opieka.rest.api import SCOPES
from opieka.rest.operations import NAMESPACE as API
from opieka.shops import queries as shops
from opieka.shops.types import Permission, ShopCard, Workplace


class Open(Enum):
    """Views that ask for no permission in a shop."""

    PUBLIC = "anyone"
    STAFF = "any staff member"
    NOBODY = "nobody"
    KEY = "an API token with the scope of the operation"
    SIGNED = "whoever signs the request"


VIEWS: Mapping[str, Permission | Open] = {
    "account_login": Open.PUBLIC,
    "account_logout": Open.PUBLIC,
    "account_inactive": Open.PUBLIC,
    "account_reset_password": Open.PUBLIC,
    "account_reset_password_done": Open.PUBLIC,
    "account_reset_password_from_key": Open.PUBLIC,
    "account_reset_password_from_key_done": Open.PUBLIC,
    "account_reauthenticate": Open.STAFF,
    "account_change_password": Open.STAFF,
    "account_email": Open.NOBODY,
    "mfa_index": Open.STAFF,
    "mfa_authenticate": Open.PUBLIC,
    "mfa_reauthenticate": Open.STAFF,
    "mfa_login_webauthn": Open.PUBLIC,
    "mfa_reauthenticate_webauthn": Open.STAFF,
    "mfa_activate_totp": Open.STAFF,
    "mfa_deactivate_totp": Open.STAFF,
    "mfa_generate_recovery_codes": Open.STAFF,
    "mfa_view_recovery_codes": Open.STAFF,
    "mfa_download_recovery_codes": Open.STAFF,
    "mfa_list_webauthn": Open.STAFF,
    "mfa_add_webauthn": Open.STAFF,
    "mfa_edit_webauthn": Open.STAFF,
    "mfa_remove_webauthn": Open.STAFF,
    "inbound:orders": Open.SIGNED,
    "inbound:provider_events": Open.SIGNED,
    "inbound:provider_mail": Open.SIGNED,
    "inbound:tracking": Open.SIGNED,
    "inbound:texts": Open.SIGNED,
    "inbound:text_reports": Open.SIGNED,
    "portal:look": Open.PUBLIC,
    "portal:logo": Open.PUBLIC,
    "portal:door": Open.PUBLIC,
    "portal:code": Open.PUBLIC,
    "portal:order": Open.SIGNED,
    "portal:choose": Open.SIGNED,
    "portal:cancel": Open.SIGNED,
    "portal:withdraw": Open.SIGNED,
    "portal:calendar": Open.SIGNED,
    "portal:arrived": Open.SIGNED,
    # Ways of allauth this installation does not go: accounts are made by owners, addresses changed by nobody.
    "account_signup": Open.NOBODY,
    "account_email_verification_sent": Open.NOBODY,
    "account_confirm_email": Open.NOBODY,
    "account_set_password": Open.NOBODY,
    "account_confirm_login_code": Open.NOBODY,
    "desk:home": Open.STAFF,
    "desk:inbox": Open.STAFF,
    "desk:compose": Permission.ANSWER,
    "desk:conversation": Permission.READ,
    "desk:items": Permission.READ,
    "desk:head": Permission.READ,
    "desk:beside": Permission.READ,
    "desk:macros": Permission.ANSWER,
    "desk:macro": Permission.ANSWER,
    "desk:send": Permission.ANSWER,
    "desk:assign": Permission.ANSWER,
    "desk:snooze": Permission.ANSWER,
    "desk:resolve": Permission.ANSWER,
    "desk:reopen": Permission.ANSWER,
    "desk:spam": Permission.ANSWER,
    "desk:move": Permission.ANSWER,
    "desk:join": Permission.ANSWER,
    "desk:part": Permission.ANSWER,
    "desk:undo_text": Permission.ANSWER,
    "desk:looks": Permission.READ,
    "desk:html": Permission.READ,
    "desk:source": Permission.READ,
    "desk:file": Permission.READ,
    "desk:undo": Permission.ANSWER,
    "desk:retry": Permission.ANSWER,
    "desk:customers": Permission.READ,
    "desk:export_customers": Permission.EXPORT,
    "desk:customer": Permission.READ,
    "desk:balance": Permission.READ,
    "desk:coupons": Permission.READ,
    "desk:use_coupon": Permission.ANSWER,
    "desk:confirm_coupon": Permission.ANSWER,
    "desk:withdraw_coupon": Permission.ANSWER,
    "desk:candidates": Permission.MERGE,
    "desk:merge": Permission.MERGE,
    "desk:distinct": Permission.MERGE,
    "desk:unmerge": Permission.MERGE,
    "desk:change_customer": Permission.ANSWER,
    "desk:add_point": Permission.ANSWER,
    "desk:say_consent": Permission.ANSWER,
    "desk:copy": Permission.PRIVACY,
    "desk:fetch_copy": Permission.PRIVACY,
    "desk:erase": Permission.PRIVACY,
    "desk:order": Permission.READ,
    "desk:cancel_order": Permission.ANSWER,
    "desk:void_page": Permission.ANSWER,
    "desk:cases": Permission.READ,
    "desk:take_back_case": Permission.ANSWER,
    "desk:settle_case": Permission.ANSWER,
    "desk:parcels": Permission.READ,
    "desk:export_parcels": Permission.EXPORT,
    "desk:ask_parcels": Permission.ANSWER,
    "desk:upload_parcels": Permission.IMPORT,
    "desk:together": Permission.ANSWER,
    "desk:undo_together": Permission.ANSWER,
    "desk:settle_choice": Permission.ANSWER,
    "desk:parcel_photo": Permission.READ,
    "desk:carriers": Permission.READ,
    "desk:export_carriers": Permission.EXPORT,
    "desk:parcel": Permission.READ,
    "desk:promise_parcel": Permission.ANSWER,
    "desk:name_carrier": Permission.ANSWER,
    "desk:unclear": Permission.READ,
    "desk:export_unclear": Permission.EXPORT,
    "desk:dismiss_unclear": Permission.REPAIR,
    "desk:bring_back_unclear": Permission.REPAIR,
    "desk:plans": Permission.READ,
    "desk:effect": Permission.READ,
    "desk:plan": Permission.READ,
    "desk:take_plan": Permission.ANSWER,
    "desk:close_plan": Permission.ANSWER,
    "desk:do_step": Permission.ANSWER,
    "desk:skip_step": Permission.ANSWER,
    "desk:failures": Permission.REPAIR,
    "desk:retry_failure": Permission.REPAIR,
    "desk:retry_failures": Permission.REPAIR,
    "desk:export_failures": Permission.REPAIR,
    "desk:unread": Permission.REPAIR,
    "desk:export_unread": Permission.REPAIR,
    "desk:unread_source": Permission.REPAIR,
    "desk:retry_unread": Permission.REPAIR,
    "desk:retry_all_unread": Permission.REPAIR,
    # To the first part of the settings she may change; the view refuses who may change none.
    "desk:settings": Open.STAFF,
    "desk:shop": Permission.SETTINGS,
    "desk:preferences": Permission.SETTINGS,
    "desk:cancelling": Permission.SETTINGS,
    "desk:pages": Permission.SETTINGS,
    "desk:numbers": Permission.SETTINGS,
    "desk:new_number": Permission.SETTINGS,
    "desk:number": Permission.SETTINGS,
    "desk:test_number": Permission.SETTINGS,
    "desk:rest_number": Permission.SETTINGS,
    "desk:mailboxes": Permission.SETTINGS,
    "desk:export_mailboxes": Permission.SETTINGS,
    "desk:new_mailbox": Permission.SETTINGS,
    "desk:mailbox": Permission.SETTINGS,
    "desk:test_mailbox": Permission.SETTINGS,
    "desk:rest_mailbox": Permission.SETTINGS,
    "desk:answers": Permission.SETTINGS,
    "desk:new_saved_answer": Permission.SETTINGS,
    "desk:saved_answer": Permission.SETTINGS,
    "desk:delete_saved_answer": Permission.SETTINGS,
    "desk:goodwill": Permission.SETTINGS,
    "desk:weights": Permission.SETTINGS,
    "desk:playbooks": Permission.SETTINGS,
    "desk:playbook": Permission.SETTINGS,
    "desk:notices": Permission.SETTINGS,
    "desk:notice": Permission.SETTINGS,
    "desk:tokens": Permission.SETTINGS,
    "desk:revoke_token": Permission.SETTINGS,
    "desk:webhooks": Permission.SETTINGS,
    "desk:new_webhook": Permission.SETTINGS,
    "desk:webhook": Permission.SETTINGS,
    "desk:change_webhook": Permission.SETTINGS,
    "desk:rotate_webhook": Permission.SETTINGS,
    "desk:activate_webhook": Permission.SETTINGS,
    "desk:remove_webhook": Permission.SETTINGS,
    "desk:test_webhook": Permission.SETTINGS,
    "desk:replay_webhook": Permission.SETTINGS,
    "desk:webhook_sent": Permission.SETTINGS,
    "desk:replay_webhook_sent": Permission.SETTINGS,
    "desk:connections": Permission.SETTINGS,
    "desk:connection": Permission.SETTINGS,
    "desk:read_connection": Permission.SETTINGS,
    "desk:disconnect": Permission.SETTINGS,
    "desk:dismiss_notice": Permission.SETTINGS,
    "desk:carrier_connections": Permission.SETTINGS,
    "desk:carrier_connection": Permission.SETTINGS,
    "desk:test_carrier": Permission.SETTINGS,
    "desk:disconnect_carrier": Permission.SETTINGS,
    "desk:staff": Permission.STAFF,
    "desk:export_staff": Permission.STAFF,
    "desk:colleague": Permission.STAFF,
    "desk:revoke": Permission.STAFF,
    "desk:restore": Permission.STAFF,
    "desk:palette": Open.STAFF,
    "desk:me": Open.STAFF,
    "desk:language": Open.PUBLIC,
    **{f"{API}:{name}": Open.KEY for name in SCOPES},
    f"{API}:openapi-json": Open.PUBLIC,
    f"{API}:api-root": Open.PUBLIC,
    f"{API}:missing": Open.PUBLIC,
}


@dataclass
class Access:
    """What the person behind a request may do, read once and only when asked."""

    staff_id: int

    @cached_property
    def shops(self) -> dict[int, ShopCard]:
        """The shops she works in, by id, in the order of their names."""
        return {place.shop.id: place.shop for place in self._places}

    @cached_property
    def permissions(self) -> dict[int, frozenset[Permission]]:
        return {place.shop.id: place.permissions for place in self._places}

    @cached_property
    def _places(self) -> list[Workplace]:
        return shops.workplaces(self.staff_id)

    def shop_ids(self, permission: Permission = Permission.READ) -> list[int]:
        """The shops in which she may do that."""
        return sorted(shop for shop, granted in self.permissions.items() if permission in granted)

    def require(self, permission: Permission, shop_id: int) -> None:
        """Refuse (403) unless she may do that in the shop."""
        if permission not in self.permissions.get(shop_id, frozenset()):
            raise PermissionDenied


class AccessMiddleware:
    """Puts `request.access` and `request.intake` there and asks the table before any view runs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        needed = VIEWS.get(name)
        if needed in {None, Open.NOBODY}:
            raise PermissionDenied
        request.intake = aside  # type: ignore[attr-defined]  # what views read
        if needed in {Open.PUBLIC, Open.KEY, Open.SIGNED}:
            return None
        if not request.user.is_authenticated:
            return _to_login(request)
        request.access = Access(request.user.pk)  # type: ignore[attr-defined]  # what views read
        if isinstance(needed, Permission) and not request.access.shop_ids(needed):  # type: ignore[attr-defined]  # set above
            raise PermissionDenied
        return None


def _to_login(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request") != "true":
        return redirect_to_login(request.get_full_path())
    # A part of a page was asked for: the whole page has to go there, and to come back.
    answer = HttpResponse(status=204)
    back = urlsplit(request.headers.get("HX-Current-URL", "/"))
    answer["HX-Redirect"] = redirect_to_login(back._replace(scheme="", netloc="").geturl()).url
    return answer


class StaffAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Staff accounts are made by an owner, never by signing up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
