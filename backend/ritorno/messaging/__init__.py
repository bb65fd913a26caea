"""Templates, one message to one person, and the only road by which a message leaves: through the consent gate."""
