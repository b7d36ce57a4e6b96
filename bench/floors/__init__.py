"""What most applications would write, or what the machine can do at best: the figures to compare with."""
