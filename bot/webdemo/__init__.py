"""`demo --web`: one page with the four kinds of people side by side, over the same bot and emulator as the demo in the terminal.

`server.py` serves the page on loopback and carries what is said both ways; `scenarios.py` plays a scene with one click;
`page.html` is the whole page, which loads nothing from outside.
"""
