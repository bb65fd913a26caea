"""The person's own page as HTML: words, choices, data, and the paper form it prints as."""
