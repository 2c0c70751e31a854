"""Cases: a page of our own writing in each era's structure, and the article that it must give."""
