"""Pages of evaluations, sessions, votes, resolutions and bodies. A view parses, calls one verb, answers."""
