"""拨付: batches, sheets of payment, what the bank reported, the budget."""
