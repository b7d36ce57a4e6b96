"""Pages of the loans: parse, call one verb, answer."""
