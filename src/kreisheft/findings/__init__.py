"""What figures say, without words: judgements, and the place of a Kreis among its peers."""
