"""Keep and answer: value types, text rules, the store, search, diff and proof."""

__version__ = "0.1.0"
