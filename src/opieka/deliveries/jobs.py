"""Timed work: looking at parcels whose time has come, foreseeing, asking carriers for news and favours, learning."""

from __future__ import annotations

import contextlib
import time
from datetime import timedelta

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from opieka.deliveries import commands, queries
from opieka.deliveries.carriers import CARRIERS
from opieka.deliveries.carriers.arranging import Outcome
from opieka.deliveries.carriers.base import Client, Context, Refused, Unreadable
from opieka.deliveries.commands.choosing import Asking
from opieka.deliveries.commands.connecting import A_MOMENT, zone_of
from opieka.deliveries.commands.sweeping import BATCH
from opieka.deliveries.commands.trying import FOR_NOW, answer_of, client_of, note_no
from opieka.kernel import clock, outbound
from opieka.kernel.actor import SYSTEM
from opieka.shops import queries as shops

TURN = 50.0
"""Seconds after which a job of each minute ends; the next minute's goes on."""
SOON = timedelta(minutes=1)
"""After so long a carrier that has not decided is asked for the outcome."""


@app.periodic(cron="* * * * *")
@app.task(name="deliveries.sweep", queueing_lock="deliveries.sweep", pass_context=False)
def sweep(timestamp: int) -> None:
    """Each minute: parcels that may be late, stale or lost, and orders whose promise has passed; in turn, so that
    neither waits for the other however much there is."""
    until, full = time.monotonic() + TURN, True
    while full and time.monotonic() < until:
        looked = commands.sweep(BATCH, by=SYSTEM), commands.sweep_orders(BATCH, by=SYSTEM)
        full = BATCH in looked


@app.periodic(cron="* * * * *")
@app.task(name="deliveries.foresee", queueing_lock="deliveries.foresee", pass_context=False)
def foresee(timestamp: int) -> None:
    """Each minute: what is to be expected of parcels and orders of which there is news, or whose time has gone on."""
    until, full = time.monotonic() + TURN, True
    while full and time.monotonic() < until:
        looked = commands.foresee(BATCH, by=SYSTEM), commands.foresee_orders(BATCH, by=SYSTEM)
        full = BATCH in looked


@app.periodic(cron="17 2 * * *")
@app.task(name="deliveries.study", queueing_lock="deliveries.study", pass_context=False)
def study(timestamp: int) -> None:
    """Each night: let every shop learn lateness from its own parcels, each by a job of its own."""
    for shop in shops.shops():
        try:
            learn_lateness.configure(queueing_lock=f"deliveries.study:{shop.id}").defer(shop_id=shop.id)
        except AlreadyEnqueued:
            continue


@app.task(name="deliveries.learn_lateness")
def learn_lateness(shop_id: int) -> None:
    """One shop's lesson. It takes seconds to minutes, so nothing is locked meanwhile."""
    from opieka.deliveries.policy.lateness import storing
    from opieka.deliveries.queries import history

    learned = history.learn(shop_id, now=clock.now())
    if learned is not None:
        model, count = learned
        commands.keep_foresight(shop_id, data=storing.dump(model), parcels=count, by=SYSTEM)


@app.periodic(cron="* * * * *")
@app.task(name="deliveries.ask", queueing_lock="deliveries.ask", pass_context=False)
def ask(timestamp: int) -> None:
    """Each minute: let the carriers be asked of which parcels are due, each by a job of its own."""
    for connection_id in queries.to_be_asked(clock.now()):
        lock = f"deliveries.ask:{connection_id}"
        try:
            with transaction.atomic():
                ask_carrier.configure(lock=lock, queueing_lock=lock).defer(connection_id=connection_id)
        except AlreadyEnqueued:
            continue


@app.periodic(cron="20 3 * * *")
@app.task(name="deliveries.learn", queueing_lock="deliveries.learn", pass_context=False)
def learn(timestamp: int) -> None:
    """Each night: what silences, transits and working days are usual."""
    for shop in shops.shops():
        commands.learn(shop.id, by=SYSTEM)


@app.task(name="deliveries.ask_carrier")
def ask_carrier(connection_id: int) -> None:
    """Ask one carrier about what is due, question by question. No question is asked inside a transaction."""
    found = queries.access(connection_id)
    if found is None:
        return
    shop_id, name, keys = found
    until = time.monotonic() + TURN
    with outbound.client() as http:
        client: Client | None = None
        while time.monotonic() < until and (claimed := commands.claim(connection_id, by=SYSTEM)):
            try:
                client = client or client_of(name, keys, zone_of(CARRIERS[name], shop_id), http)
                reading = answer_of(client, tuple(claimed.values()))
            except (Refused, outbound.Busy) as refusal:
                note_no(connection_id, refusal, by=SYSTEM)
                return
            commands.take_reading(reading, shop_id=shop_id, carrier=name, by=SYSTEM)
            commands.plan_asking(list(claimed), by=SYSTEM)
            commands.note_heard(connection_id, asked=True, by=SYSTEM)


@app.periodic(cron="40 3 * * *")
@app.task(name="deliveries.list", queueing_lock="deliveries.list", pass_context=False)
def list_all_points(timestamp: int) -> None:
    """Each night: let the carriers that list their points be asked for them, each by a job of its own."""
    for connection_id in queries.listing_points():
        try:
            with transaction.atomic():
                list_points.configure(queueing_lock=f"deliveries.list:{connection_id}").defer(
                    connection_id=connection_id
                )
        except AlreadyEnqueued:
            continue


@app.task(name="deliveries.list_points")
def list_points(connection_id: int) -> None:
    """One carrier's points and lockers; outside any transaction."""
    commands.ask_for_points(connection_id, by=SYSTEM)


@app.periodic(cron="* * * * *")
@app.task(name="deliveries.arrange", queueing_lock="deliveries.arrange", pass_context=False)
def arrange(timestamp: int) -> None:
    """Each minute: what customers decided and carriers have not answered yet, each by a job of its own."""
    for choice_id in queries.choices_due(clock.now()):
        try:
            with transaction.atomic():
                arrange_choice.configure(queueing_lock=f"deliveries.arrange:{choice_id}").defer(
                    choice_id=choice_id
                )
        except AlreadyEnqueued:
            continue


@app.task(name="deliveries.arrange_choice")
def arrange_choice(choice_id: int) -> None:
    """Ask a carrier for what a customer decided; outside any transaction."""
    asking = commands.claim_choice(choice_id)
    if asking is None:
        return
    shop_id = asking.shop_id
    try:
        outcome = _arranged(asking)
    except (Refused, outbound.Busy, Unreadable) as refusal:
        passing = isinstance(refusal, outbound.Busy) or getattr(refusal, "reason", "") in FOR_NOW
        pause = A_MOMENT if passing else timedelta(0)
        commands.postpone_choice(choice_id, shop_id=shop_id, pause=pause, by=SYSTEM)
        return
    if outcome.accepted is None:
        reference = outcome.reference
        commands.postpone_choice(choice_id, shop_id=shop_id, reference=reference, pause=SOON, by=SYSTEM)
        return
    with contextlib.suppress(commands.Settled):  # the parcel arrived while its carrier thought about it
        commands.settle_choice(choice_id, shop_id=shop_id, accepted=outcome.accepted, by=SYSTEM)


def _arranged(asking: Asking) -> Outcome:
    carrier, keys = CARRIERS[asking.carrier], queries.keys_of(asking.shop_id, asking.carrier)
    if carrier.arrange is None or keys is None:
        raise Refused("cannot_be_asked")
    context = Context(zone=zone_of(carrier, asking.shop_id))
    with outbound.client() as http:
        return carrier.arrange(keys, context, http).arrange(asking.wish)
