"""What one does with a conversation: answer, note, assign, put away, join."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from opieka.channels import commands as channels
from opieka.channels.types import Channel
from opieka.conversations import commands, queries
from opieka.conversations.commands.answering import ColleagueAnswered, CustomerWrote
from opieka.conversations.types import Draft, MessageItem, NoteItem, Thread
from opieka.desk.forms.answer import AnswerForm, new_files
from opieka.desk.pages import inbox
from opieka.desk.presenters import talk, thread
from opieka.desk.seat import Desk, at_desk
from opieka.desk.views import answers
from opieka.desk.views.conversation import head_of, on_page
from opieka.kernel.errors import DomainError
from opieka.shops.types import Permission


@require_POST
def send(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Send a reply or leave a note; a refusal is told above the composer, which keeps the words."""
    desk = at_desk(request)
    before = _thread(desk, conversation_id)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        raise Http404
    writing = _note if form.cleaned_data["mode"] == "note" else _reply
    made, error = answers.attempt(partial(writing, form, request, before, desk))
    if error is not None or made is None:
        return _refused(request, desk, form, before, error)
    if not answers.wants_piece(request):
        return redirect(f"{reverse('desk:conversation', args=[before.id])}#composer")
    return _sent(request, desk, before.id, form.cleaned_data["mode"], made)


def _reply(form: AnswerForm, request: HttpRequest, before: Thread, desk: Desk) -> int:
    sent = new_files(request.FILES.getlist("files"))
    files = channels.store_files(sent, shop_id=before.shop_id) if sent else []
    data = form.cleaned_data
    draft = Draft(
        text=data["text"],
        channel=Channel(data["channel"]) if data["channel"] else None,
        files=tuple(files),
        seen_message_id=data["seen"],
        anyway=bool(data["anyway"]),
        resolve=form.resolves,
    )
    return commands.reply(before.id, draft=draft, key=data["key"], shop_ids=[before.shop_id], by=desk.by)


def _note(form: AnswerForm, _request: HttpRequest, before: Thread, desk: Desk) -> int:
    return commands.note(before.id, text=form.cleaned_data["text"], shop_ids=[before.shop_id], by=desk.by)


def _sent(request: HttpRequest, desk: Desk, conversation_id: int, mode: str, made: int) -> HttpResponse:
    now = queries.thread(conversation_id, shop_ids=desk.shop_ids, limit=5)
    reader = desk.reader(now.shop_id)
    said = [item for item in now.items if item.id == made]
    message = next((one for one in said if isinstance(one, MessageItem)), None)
    note = next((one for one in said if isinstance(one, NoteItem)), None)
    answer = answers.piece(
        request,
        "desk/_sent.html",
        message=thread.message(message, reader) if message and mode == "reply" else None,
        note=thread.note(note, reader) if note and mode == "note" else None,
        composer=talk.composer(now, desk, None),
    )
    commands.mark_read(now.id, message_id=now.last_message_id, shop_ids=desk.shop_ids, by=desk.by)
    return answer


def _refused(
    request: HttpRequest, desk: Desk, form: AnswerForm, before: Thread, error: DomainError | None
) -> HttpResponse:
    surprised = isinstance(error, ColleagueAnswered | CustomerWrote)
    anyway = ("resolve" if form.resolves else "send") if surprised else ""
    trouble = inbox.Trouble(str(error), anyway)
    status = error.status if error else 422
    if answers.wants_piece(request):
        answer = answers.piece(request, "desk/_trouble.html", trouble=trouble, status=status)
        answer["HX-Retarget"], answer["HX-Reswap"] = "#composer-trouble", "innerHTML"
        return answer
    now = queries.thread(before.id, shop_ids=desk.shop_ids, also=thread.ALSO)
    shown = talk.conversation(now, desk, back=reverse("desk:inbox"))
    data = form.cleaned_data
    if shown.composer:
        kept = replace(shown.composer, text=data["text"], mode=data["mode"], trouble=trouble, key=data["key"])
        shown = replace(shown, composer=kept)
    return on_page(request, shown, status=status)


def _thread(desk: Desk, conversation_id: int) -> Thread:
    """A conversation she may act on."""
    return queries.thread(conversation_id, shop_ids=desk.ids(Permission.ANSWER), limit=0)


Step = Callable[[int, Collection[int], Desk], None]


def _step(
    request: HttpRequest, conversation_id: int, step: Step, told: str, *, undo: str = ""
) -> HttpResponse:
    """Take a step and answer with what stands above the thread now."""
    desk = at_desk(request)
    step(conversation_id, desk.ids(Permission.ANSWER), desk)
    return answers.done(
        request,
        told,
        undo=reverse(undo, args=[conversation_id]) if undo else "",
        to=answers.came_from(request, reverse("desk:conversation", args=[conversation_id])),
        shown=lambda: head_of(request, conversation_id),
    )


@require_POST
def resolve(request: HttpRequest, conversation_id: int) -> HttpResponse:
    def step(one: int, shops: Collection[int], desk: Desk) -> None:
        commands.resolve(one, shop_ids=shops, by=desk.by)

    return _step(request, conversation_id, step, _("Resolved."), undo="desk:reopen")


@require_POST
def reopen(request: HttpRequest, conversation_id: int) -> HttpResponse:
    def step(one: int, shops: Collection[int], desk: Desk) -> None:
        commands.reopen(one, shop_ids=shops, by=desk.by)

    return _step(request, conversation_id, step, _("Open again."))


@require_POST
def spam(request: HttpRequest, conversation_id: int) -> HttpResponse:
    def step(one: int, shops: Collection[int], desk: Desk) -> None:
        commands.mark_spam(one, shop_ids=shops, by=desk.by)

    told = _("Put among the spam. What this sender writes goes there from now on.")
    return _step(request, conversation_id, step, told, undo="desk:reopen")


@require_POST
def assign(request: HttpRequest, conversation_id: int) -> HttpResponse:
    wanted = request.POST.get("staff", "")
    if wanted and not wanted.isdigit():
        raise Http404
    staff_id = int(wanted) if wanted else None

    def step(one: int, shops: Collection[int], desk: Desk) -> None:
        commands.assign(one, staff_id=staff_id, shop_ids=shops, by=desk.by)

    return _step(request, conversation_id, step, _("Assigned.") if staff_id else _("Assigned to nobody."))


@require_POST
def snooze(request: HttpRequest, conversation_id: int) -> HttpResponse:
    desk = at_desk(request)
    before = _thread(desk, conversation_id)
    reader = desk.reader(before.shop_id)
    until = talk.snooze_times(reader).get(request.POST.get("until", ""))
    if until is None:
        raise Http404

    def step(one: int, shops: Collection[int], desk: Desk) -> None:
        commands.snooze(one, until=until, shop_ids=shops, by=desk.by)

    told = _("Snoozed until %(when)s.") % {"when": reader.day_and_time(until)}
    return _step(request, conversation_id, step, told, undo="desk:reopen")


@require_POST
def undo(request: HttpRequest, message_id: int) -> HttpResponse:
    """Take an answer back before it leaves; its words return to the composer."""
    desk = at_desk(request)
    original = queries.original(message_id, shop_ids=desk.ids(Permission.ANSWER))
    draft = commands.undo_reply(message_id, shop_ids=desk.ids(Permission.ANSWER), by=desk.by)
    now = queries.thread(original.conversation_id, shop_ids=desk.shop_ids, also=thread.ALSO)
    composer = talk.composer(now, desk, None, text=draft.text)
    told = _("Taken back. The words are in the composer again.")
    if not answers.wants_piece(request):
        answers.say(request, told)
        shown = talk.conversation(now, desk, back=reverse("desk:inbox"))
        return on_page(request, replace(shown, composer=composer))
    answer = answers.with_toast(answers.piece(request, "desk/_composer.html", composer=composer), told)
    answer["HX-Retarget"], answer["HX-Reswap"] = "#composer", "outerHTML"
    return answer


@require_POST
def retry(request: HttpRequest, message_id: int) -> HttpResponse:
    """Send a message that failed once more."""
    desk = at_desk(request)
    original = queries.original(message_id, shop_ids=desk.ids(Permission.ANSWER))
    delivery = original.item.delivery
    if delivery is None:
        raise Http404
    channels.retry(delivery.dispatch_id, shop_id=original.shop_id, by=desk.by)
    to = reverse("desk:conversation", args=[original.conversation_id])
    return answers.done(request, _("It is being sent again."), to=to)
