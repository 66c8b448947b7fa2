"""One module per screen: ask queries, call commands, hand a page to a template."""
