"""Every address of the desk."""

from __future__ import annotations

from django.urls import path

from opieka.desk.views import (
    acts,
    choosing,
    compose,
    conversation,
    customers,
    failures,
    inbox,
    mails,
    me,
    order,
    palette,
)

app_name = "desk"

urlpatterns = [
    path("", inbox.home, name="home"),
    path("inbox/", inbox.show, name="inbox"),
    path("inbox/new/", compose.show, name="compose"),
    path("conversations/<int:conversation_id>/", conversation.show, name="conversation"),
    path("conversations/<int:conversation_id>/items/", conversation.items, name="items"),
    path("conversations/<int:conversation_id>/head/", conversation.head, name="head"),
    path("conversations/<int:conversation_id>/beside/", conversation.beside, name="beside"),
    path("conversations/<int:conversation_id>/macros/", conversation.macros, name="macros"),
    path("conversations/<int:conversation_id>/macros/<int:macro_id>/", conversation.macro, name="macro"),
    path("conversations/<int:conversation_id>/send/", acts.send, name="send"),
    path("conversations/<int:conversation_id>/assign/", acts.assign, name="assign"),
    path("conversations/<int:conversation_id>/snooze/", acts.snooze, name="snooze"),
    path("conversations/<int:conversation_id>/resolve/", acts.resolve, name="resolve"),
    path("conversations/<int:conversation_id>/reopen/", acts.reopen, name="reopen"),
    path("conversations/<int:conversation_id>/spam/", acts.spam, name="spam"),
    path("conversations/<int:conversation_id>/customer/", choosing.move, name="move"),
    path("conversations/<int:conversation_id>/join/", choosing.join, name="join"),
    path("joins/<int:join_id>/part/", choosing.part, name="part"),
    path("messages/<int:message_id>/looks/", mails.looks, name="looks"),
    path("messages/<int:message_id>/html/", mails.html, name="html"),
    path("messages/<int:message_id>/source/", mails.source, name="source"),
    path("messages/<int:message_id>/files/<str:sha256>/", mails.file, name="file"),
    path("messages/<int:message_id>/undo/", acts.undo, name="undo"),
    path("messages/<int:message_id>/retry/", acts.retry, name="retry"),
    path("customers/", customers.listing, name="customers"),
    path("customers/<int:customer_id>/", customers.show, name="customer"),
    path("customers/<int:customer_id>/candidates/", customers.candidates, name="candidates"),
    path("customers/<int:customer_id>/merge/", customers.merge, name="merge"),
    path("customers/<int:customer_id>/distinct/", customers.distinct, name="distinct"),
    path("customers/<int:customer_id>/change/", customers.change, name="change_customer"),
    path("customers/<int:customer_id>/points/", customers.add_point, name="add_point"),
    path("merges/<int:merge_id>/undo/", customers.unmerge, name="unmerge"),
    path("orders/<int:order_id>/", order.show, name="order"),
    path("failures/", failures.show, name="failures"),
    path("failures/retry/", failures.retry_all, name="retry_failures"),
    path("failures/<int:failure_id>/retry/", failures.retry, name="retry_failure"),
    path("palette/", palette.show, name="palette"),
    path("me/", me.show, name="me"),
    path("me/language/", me.language, name="language"),
]
