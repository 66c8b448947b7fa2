"""Every resource of the API, in the order of its description."""

from opieka.rest.operations import Resource
from opieka.rest.resources.care import care
from opieka.rest.resources.cases import cases
from opieka.rest.resources.choices import choices
from opieka.rest.resources.conversations import conversations
from opieka.rest.resources.customers import customers
from opieka.rest.resources.deliveries import carriers, parcels
from opieka.rest.resources.files import files
from opieka.rest.resources.goodwill import goodwill
from opieka.rest.resources.macros import macros
from opieka.rest.resources.mailboxes import mailboxes
from opieka.rest.resources.messages import messages
from opieka.rest.resources.notices import notices
from opieka.rest.resources.numbers import numbers
from opieka.rest.resources.orders import connections, orders
from opieka.rest.resources.products import products
from opieka.rest.resources.shops import shop
from opieka.rest.resources.staff import staff, tokens
from opieka.rest.resources.timeline import failures, timeline
from opieka.rest.resources.together import together
from opieka.rest.resources.unread import unread
from opieka.rest.resources.waiting import waiting
from opieka.rest.resources.webhooks import webhooks

RESOURCES: tuple[Resource, ...] = (
    conversations,
    messages,
    macros,
    customers,
    goodwill,
    care,
    orders,
    waiting,
    cases,
    parcels,
    together,
    choices,
    carriers,
    notices,
    products,
    connections,
    files,
    mailboxes,
    numbers,
    timeline,
    failures,
    unread,
    webhooks,
    shop,
    staff,
    tokens,
)
