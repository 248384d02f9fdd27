"""The tests: a folder for each room of the packages, and some for what has no room of its own.

`behaviour` asks the same of every loop and transport; `modules` is about the modules that stand alone in `reactor`,
`faults` about random networks with random faults, `style` about the source text. `support` is what tests share.
"""
