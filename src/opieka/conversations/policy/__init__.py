"""The rules of the inbox: which message belongs where, what can happen to a conversation, what is folded."""
