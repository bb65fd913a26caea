"""The demo shop: real purchases (Complete Journey), invented Italian identities, a documented mix of permissions."""
