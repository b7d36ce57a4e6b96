"""The reference data that `fund.reference.load` puts in place, as plain tables."""
