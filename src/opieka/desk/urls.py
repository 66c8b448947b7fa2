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
from opieka.desk.views.settings import connections, lists, mailboxes, shop, staff

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
    path("settings/", shop.first, name="settings"),
    path("settings/<slug:slug>/", shop.show, name="shop"),
    path("settings/<slug:slug>/conversations/", shop.preferences, name="preferences"),
    path("settings/<slug:slug>/mailboxes/", mailboxes.listing, name="mailboxes"),
    path("settings/<slug:slug>/mailboxes/new/", mailboxes.new, name="new_mailbox"),
    path("settings/<slug:slug>/mailboxes/<int:account_id>/", mailboxes.one, name="mailbox"),
    path("settings/<slug:slug>/mailboxes/<int:account_id>/test/", mailboxes.test, name="test_mailbox"),
    path("settings/<slug:slug>/mailboxes/<int:account_id>/rest/", mailboxes.rest, name="rest_mailbox"),
    path("settings/<slug:slug>/staff/", staff.listing, name="staff"),
    path("settings/<slug:slug>/staff/<int:staff_id>/", staff.one, name="colleague"),
    path("settings/<slug:slug>/staff/<int:staff_id>/revoke/", staff.revoke, name="revoke"),
    path(
        "settings/<slug:slug>/staff/<int:staff_id>/restore/<slug:role>/<slug:signature>/",
        staff.restore,
        name="restore",
    ),
    path("settings/<slug:slug>/answers/", lists.macros, name="answers"),
    path("settings/<slug:slug>/answers/new/", lists.macro, name="new_saved_answer"),
    path("settings/<slug:slug>/answers/<int:macro_id>/", lists.macro, name="saved_answer"),
    path(
        "settings/<slug:slug>/answers/<int:macro_id>/delete/", lists.delete_macro, name="delete_saved_answer"
    ),
    path("settings/<slug:slug>/keys/", lists.tokens, name="tokens"),
    path("settings/<slug:slug>/keys/<int:token_id>/revoke/", lists.revoke_token, name="revoke_token"),
    path("settings/<slug:slug>/orders/", connections.listing, name="connections"),
    path("settings/<slug:slug>/orders/<slug:connector>/", connections.one, name="connection"),
    path("settings/<slug:slug>/orders/<slug:connector>/read/", connections.read, name="read_connection"),
    path(
        "settings/<slug:slug>/orders/<slug:connector>/disconnect/", connections.disconnect, name="disconnect"
    ),
    path("settings/<slug:slug>/notices/<int:notice_id>/seen/", connections.dismiss, name="dismiss_notice"),
    path("palette/", palette.show, name="palette"),
    path("me/", me.show, name="me"),
    path("me/language/", me.language, name="language"),
]
