"""Pages: the public question, the firm's, the staff's."""
