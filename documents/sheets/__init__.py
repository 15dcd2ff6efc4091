"""Registers as Excel: templates out, files in, bad rows back in the same template."""
