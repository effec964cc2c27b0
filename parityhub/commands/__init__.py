"""What the commands do once their options are read. They print for them, and import lazily."""
