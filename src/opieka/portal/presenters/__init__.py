"""What is known of an order, in a customer's words."""
