"""The demo: two operators, three shops, and what their customers wrote lately.

The files beside this module are data: `shops.json`, `staff.json`, `catalogue.json`, `customers.json`,
`orders.json`, one conversation per file in `mails/`, and in `files/` what the mails carry. `reading` turns
them into the values of `content`, `mail` into the bytes that a customer's mail program would have sent.
"""
