"""The people of a shop and what they are there."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opieka.desk.forms.settings import ColleagueForm, RoleForm
from opieka.desk.pages.parts import Act, Link
from opieka.desk.pages.settings import FormPage, StaffPage
from opieka.desk.presenters import fields, members
from opieka.desk.presenters import settings as shown
from opieka.desk.presenters.tables import Asked
from opieka.desk.seat import Desk, at_desk
from opieka.desk.views import answers, tables
from opieka.kernel import secrets
from opieka.shops import commands
from opieka.shops import queries as shops
from opieka.shops.types import MemberCard, Permission, Role, ShopCard

_PURPOSE = "staff restore"


@require_http_methods(["GET", "POST"])
def listing(request: HttpRequest, slug: str) -> HttpResponse:
    """Who works here; and an account for somebody new."""
    desk = at_desk(request)
    shop = desk.shop(slug, Permission.STAFF)
    form = ColleagueForm(
        request.POST if request.method == "POST" else None,
        initial={"language": desk.reader(shop.id).language},
    )
    if request.method == "POST" and form.is_valid():
        _done, error = answers.attempt(partial(_add, form, shop, desk))
        if error is None:
            answers.say(request, _("%(name)s works here now.") % {"name": form.cleaned_data["name"]})
            return redirect("desk:staff", slug)
        form.add_error(None, str(error))
    return _page(request, desk, shop, form)


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, slug: str, staff_id: int) -> HttpResponse:
    """What a colleague is here."""
    desk = at_desk(request)
    shop = desk.shop(slug, Permission.STAFF)
    member = _member(shop, staff_id)
    form = RoleForm(request.POST if request.method == "POST" else None, initial={"role": member.role})
    if request.method == "POST" and form.is_valid():
        role = Role(form.cleaned_data["role"])
        giving = partial(commands.grant_role, staff_id, shop_id=shop.id, role=role, by=desk.by)
        _done, error = answers.attempt(giving)
        if error is None:
            answers.say(request, _("Saved."))
            return redirect("desk:staff", slug)
        form.add_error("role", str(error))
    back = Link(_("All colleagues"), reverse("desk:staff", args=[slug]))
    revoke = Act(_("Take out of this shop"), reverse("desk:revoke", args=[slug, staff_id]), "x")
    page = FormPage(
        shown.frame(desk, shop, "desk:staff", title=member.name, text=member.email),
        fields.single(form, request.path, _("Save"), cancel=back),
        acts=(revoke,),
    )
    status = 422 if form.is_bound else 200
    return answers.page(request, "desk/settings_form.html", page, place="settings", status=status)


@require_POST
def revoke(request: HttpRequest, slug: str, staff_id: int) -> HttpResponse:
    """Take a colleague out of the shop; what she did stays."""
    desk = at_desk(request)
    shop = desk.shop(slug, Permission.STAFF)
    member = _member(shop, staff_id)
    commands.revoke_role(staff_id, shop_id=shop.id, by=desk.by)
    answers.say(
        request,
        _("%(name)s does not work here any more.") % {"name": member.name},
        undo=reverse("desk:restore", args=[slug, staff_id, member.role, _signature(shop, member)]),
    )
    return redirect("desk:staff", slug)


@require_POST
def restore(request: HttpRequest, slug: str, staff_id: int, role: str, signature: str) -> HttpResponse:
    """Undo taking her out; the signature says that this was done here."""
    desk = at_desk(request)
    shop = desk.shop(slug, Permission.STAFF)
    if not secrets.verify(_PURPOSE, f"{shop.id} {staff_id} {role}", signature):
        raise Http404
    commands.grant_role(staff_id, shop_id=shop.id, role=Role(role), by=desk.by)
    answers.say(request, _("Back again."))
    return redirect("desk:staff", slug)


def _signature(shop: ShopCard, member: MemberCard) -> str:
    return secrets.sign(_PURPOSE, f"{shop.id} {member.staff_id} {member.role}")


@transaction.atomic
def _add(form: ColleagueForm, shop: ShopCard, desk: Desk) -> None:
    data = form.cleaned_data
    known = shops.colleague(data["email"], group_id=shop.group_id)
    staff_id = known or commands.add_staff(
        data["email"], name=data["name"], password=data["password"], language=data["language"], by=desk.by
    )
    commands.grant_role(staff_id, shop_id=shop.id, role=Role(data["role"]), by=desk.by)


def _member(shop: ShopCard, staff_id: int) -> MemberCard:
    found = next((one for one in shops.members(shop.id) if one.staff_id == staff_id), None)
    if found is None:
        raise Http404
    return found


@require_GET
def export(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """The colleagues as a file."""
    desk = at_desk(request)
    shop = desk.shop(slug, Permission.STAFF)
    found = members.chosen(shops.members(shop.id), _asked(request, shop))
    rows = (members.cells(one) for one in found)
    return tables.taken_along(f"{slug}-staff", members.CELLS, rows, desk.reader(shop.id))


def _asked(request: HttpRequest, shop: ShopCard) -> Asked:
    own = reverse("desk:staff", args=[shop.slug])
    filters = {"role": set(members.ROLES), "state": set(members.STATES)}
    return tables.asked(request, own, members.HEADINGS, standard="name", filters=filters)


def _page(request: HttpRequest, desk: Desk, shop: ShopCard, form: ColleagueForm) -> HttpResponse:
    text = _("What each may do is in her role.")
    asked, reader = _asked(request, shop), desk.reader(shop.id)
    page = StaffPage(
        shown.frame(desk, shop, "desk:staff", title=_("Staff"), text=text),
        tuple(members.row(one, shop, reader) for one in members.chosen(shops.members(shop.id), asked)),
        members.around(asked, shop),
        fields.single(form, request.path, _("Add")),
    )
    status = 422 if form.is_bound else 200
    return answers.page(request, "desk/staff.html", page, place="settings", status=status)
