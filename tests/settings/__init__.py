"""Options are checked before anything is made of them."""
