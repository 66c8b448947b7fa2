"""The public Olist data set: real orders with their promises, to measure predictions on."""
