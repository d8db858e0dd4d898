"""Where the jobs over the raw data run: what a job does with a part or a range is the same in all of them."""
