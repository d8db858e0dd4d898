"""`make aws-demo`: the story that the stand-in is for, told once from the beginning to the end."""
