"""What reactions could not follow up: seen, and tried again."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from opieka.desk.pages.parts import Pager
from opieka.desk.presenters import failures as shown
from opieka.desk.seat import at_desk
from opieka.desk.views import answers
from opieka.shops.types import Permission
from opieka.timeline import queries, reacting

_PAGE = 50
# One request tries no more than this; the rest waits for the next press.
_MOST = 200


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """The newest first."""
    desk = at_desk(request)
    shops = desk.ids(Permission.REPAIR)
    before = request.GET.get("before", "")
    if before and not before.isdigit():
        raise Http404
    rows = queries.failures(shops)
    found = list((rows.filter(id__lt=int(before)) if before else rows)[:_PAGE])
    entries = queries.touchpoints([one.touchpoint_id for one in found], shop_ids=shops)
    own = reverse("desk:failures")
    older = f"{own}?{urlencode({'before': found[-1].pk})}" if len(found) == _PAGE else None
    page = shown.page(found, entries, desk, pager=Pager(own if before else None, older))
    return answers.page(request, "desk/failures.html", page, place="failures")


@require_POST
def retry(request: HttpRequest, failure_id: int) -> HttpResponse:
    """Try one again."""
    mended = reacting.try_again(failure_id, shop_ids=at_desk(request).ids(Permission.REPAIR))
    answers.say(request, _("Done after all.") if mended else _("It failed again. The error is shown below."))
    return redirect("desk:failures")


@require_POST
def retry_all(request: HttpRequest) -> HttpResponse:
    """Try all of them again."""
    shops = at_desk(request).ids(Permission.REPAIR)
    ids = list(queries.failures(shops).values_list("id", flat=True)[:_MOST])
    mended = sum(reacting.try_again(one, shop_ids=shops) for one in ids)
    told = ngettext("%(count)s of %(all)s done after all.", "%(count)s of %(all)s done after all.", mended)
    answers.say(request, told % {"count": mended, "all": len(ids)})
    return redirect("desk:failures")
