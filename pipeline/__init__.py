"""Read: from a capture to an article, and from an article to a filed version."""
