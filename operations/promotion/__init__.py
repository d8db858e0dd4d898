"""An approved version of one account's registry, taken to that of another, where it waits for a person again."""
