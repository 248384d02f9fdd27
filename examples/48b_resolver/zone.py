"""A zone: names, and what they stand for. Types of records are functions here."""
# ruff: noqa: F821

zone = [
    SOA("kitchen.test", "ns.kitchen.test", "chef.kitchen.test", serial=1),
    NS("kitchen.test", "ns.kitchen.test"),
    A("ns.kitchen.test", "127.0.0.1"),
    A("stove.kitchen.test", "127.0.0.1"),
    CNAME("soup.kitchen.test", "stove.kitchen.test"),
]
