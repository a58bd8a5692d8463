"""The command line's subcommands: a module each, found by `bot.cli`; `register(app)` adds its commands to the typer app.

A command takes `context: typer.Context` first and asks `bot.console` for the data folder. Heavy imports stay inside the
functions: `guongsang --help` loads no model and no Telegram.
"""
