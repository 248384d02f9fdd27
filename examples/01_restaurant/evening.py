"""An evening in the restaurant: who sits where, and what they want."""

# [evening]
PRICE = 7  # of any dish: this is a lecture on networking

ORDERS = {
    "table 1": "soup",
    "table 2": "fish",
    "table 3": "omelette",
    "table 4": "beans",
    "table 5": "the other soup",
    "table 6": "whatever table 2 is having",
}
# [/evening]
