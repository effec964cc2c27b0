"""A second small pair: what the reference lacks, under other names on either side."""
