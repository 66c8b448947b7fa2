"""What each template is given: frozen view models, one module per screen.

Presenters fill them from the domains; templates only lay them out. Texts in them are already in the reader's
language and zone, addresses are finished, and HTML from outside is `Markup` only after cleaning.
"""
