"""What the other units rest on, and what must not be lost: key, buckets, registry, topic."""
