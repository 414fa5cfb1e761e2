"""What the command line can do, a module for each noun. Heavy imports wait until one runs."""
