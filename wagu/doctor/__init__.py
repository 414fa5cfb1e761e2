"""What `wagu doctor` looks at: one check a module, with results and without output; README.md."""
