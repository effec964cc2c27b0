"""Where two implementations first part: forward by value, and backward from a loss."""
