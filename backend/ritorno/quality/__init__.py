"""How complete, valid and fresh each card is, and what is worth asking next."""
