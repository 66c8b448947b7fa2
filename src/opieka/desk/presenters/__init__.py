"""From a domain's values to pages: words, dates, money and addresses for one reader."""
