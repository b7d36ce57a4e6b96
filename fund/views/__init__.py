"""The pages of the books, the capital, the policy and the documents."""
