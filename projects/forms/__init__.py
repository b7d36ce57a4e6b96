"""Forms of the applicant's steps, of the public page and of the staff."""
