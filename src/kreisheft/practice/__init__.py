"""Good practice of a Kreis: its entries, and how they stand under indicators."""
