"""What stands on a letter: its names in braces, their values for a case, blocks of text, the A4 sheet."""
