"""The privacy desk: requests and their clock, access packs, certificates, documents, the customer's own page."""
