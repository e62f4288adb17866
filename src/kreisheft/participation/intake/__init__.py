"""How answers of persons come in; personal columns are dropped at the door."""
