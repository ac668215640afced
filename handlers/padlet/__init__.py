"""Padlet's files: a board's CSV or XLSX by its headers, and its RSS. No product decision."""
