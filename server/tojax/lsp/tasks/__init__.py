"""What worker processes do, one module for each role; ``METHODS`` maps names to functions."""
