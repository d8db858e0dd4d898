"""What is kept from one synthesis to the next is never stale."""
