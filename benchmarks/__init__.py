"""Speed and memory, as medians and ratios against a named peer in the same run."""
