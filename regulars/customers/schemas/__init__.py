"""How customers look to programs (`…Row`), and what programs may say about them (`…In`)."""
