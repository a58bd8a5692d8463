"""A strict local Bot API: what Telegram's server would accept, refuse and answer, without Telegram.

One class, `api.Emulator`, used in two ways: as a `BaseRequest` of python-telegram-bot in the same process (`request.py`:
tests and the demo), and over HTTP (`server.py`: `guongsang emulator`). Every strictness is a row of `limits.TABLE`: start reading
there. Imports nothing of ours but `bot.split`; of `telegram` only the request's interface.
"""
