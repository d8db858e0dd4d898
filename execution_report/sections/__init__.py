"""What each section of the page says: documents in, the words, figures and pictures of its template out."""
