"""What each route does: one module per noun, each with its bodies and views."""
