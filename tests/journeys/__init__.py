"""Several domains in one story, told through the API of a running shop."""
