"""`make aws-demo`: a walk through what the stand-in is for, from the first deployment to the last."""
