"""Stage 4: protected values. `disclosure` is the gate; only what has passed it is shown."""
