"""The one text normaliser: the same words come out of what is stored and of what is searched for.

keys(text, language)       what to index
query_keys(text)           what to look for: alternatives for each word
tsvector(...), tsquery(...) both, as PostgreSQL reads them (configuration `simple`)
word_keys(word)            the same of one word, as `tokens` finds it
nearest(vocabulary, key)   what a mistyped key may have meant
readings(word)             the keys of a Latin-script word that may be Greek or Russian
tokens(text)               the words with their places, for highlighting
language.detect(text)      which language a text is in (imported apart, it loads models)
"""

from opieka.kernel.text.fold import fold
from opieka.kernel.text.fuzzy import nearest
from opieka.kernel.text.search import keys, query_keys, word_keys
from opieka.kernel.text.transcription import readings
from opieka.kernel.text.vector import tsquery, tsvector
from opieka.kernel.text.words import Kind, Token, tokens

__all__ = [
    "Kind",
    "Token",
    "fold",
    "keys",
    "nearest",
    "query_keys",
    "readings",
    "tokens",
    "tsquery",
    "tsvector",
    "word_keys",
]
