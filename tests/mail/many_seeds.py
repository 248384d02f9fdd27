"""Post and news on more bad networks than the tests have time for.

    python -m tests.mail.many_seeds SEEDS                 tries each for so many, on all cores

A seed that ends otherwise than it should is printed with its problem.
"""

from tests.support.many_seeds import main

TRIED = (
    "mail.test_smtp_bad_weather:Run",
    "mail.test_pop3_bad_weather:Run",
    "mail.test_imap4_bad_weather:Run",
    "mail.test_imap_bad_weather:Run",
    "news.test_feeds_bad_weather:Run",
)

if __name__ == "__main__":
    main(TRIED)
