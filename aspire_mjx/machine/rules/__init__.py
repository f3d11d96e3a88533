"""Functions over varying values, where a whole array gives each lane what it would get alone."""
