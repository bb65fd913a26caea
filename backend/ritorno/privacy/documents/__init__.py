"""Generated documents: composed from what is really configured, in Italian and English, printed on one paper."""
