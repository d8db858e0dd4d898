"""Raw text in, typed rows out: the columns, and what is wrong with a row that cannot be used."""
