"""The settings of a shop: one module per part."""
