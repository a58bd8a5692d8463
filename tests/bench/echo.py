"""What python-telegram-bot does by itself: a bot that says every text again, with one button, and answers its press.

`python -m tests.bench.echo ADDRESS` polls the Bot API at ADDRESS until it is stopped.
"""

from __future__ import annotations

import sys
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, CallbackQueryHandler, ContextTypes, MessageHandler, filters

TOKEN = "4200000000:local-token-of-the-bench"
BUTTON = InlineKeyboardMarkup([[InlineKeyboardButton("Nữa", callback_data="again")]])


async def say_again(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None
    await update.message.reply_text(update.message.text or "", reply_markup=BUTTON)


async def pressed(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    query = update.callback_query
    assert query is not None
    assert update.effective_chat is not None
    await query.answer()
    await context.bot.send_message(update.effective_chat.id, "đã bấm", reply_markup=BUTTON)


def main() -> None:
    application: Any = Application.builder().token(TOKEN).base_url(f"{sys.argv[1]}/bot").build()
    application.add_handler(MessageHandler(filters.TEXT, say_again))
    application.add_handler(CallbackQueryHandler(pressed))
    application.run_polling()


if __name__ == "__main__":
    main()
