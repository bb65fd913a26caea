"""One file per domain: `await make_customer(session, …)`."""
