"""Staff, roles, sessions and API tokens: who is acting."""
