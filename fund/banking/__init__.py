"""Bank statements as files: read, named and fingerprinted; pure, and blind to loans (Rule P-2)."""
