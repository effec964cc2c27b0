"""What runs beside a user's model, in a child: one package a framework."""
