"""How well our messages arrive: complaints and bounces, senders held back, what waits too long (E-07, E-08)."""
