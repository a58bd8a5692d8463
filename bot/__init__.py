"""People: the Telegram bot, its roles and messages, and the command line.

May import everything of ours; nothing imports it. `telegram` is imported here only. Start reading at `app.py` (what a running
bot consists of), then `handlers/` (one file per job: what happens when somebody writes), then `access.py` (who may do what).
Every text that people read is in `messages.py`; `render.py` turns it into messages that Telegram accepts.
"""
