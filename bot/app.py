"""What a running bot consists of: the stores over one database, the engine, and python-telegram-bot's application over them.

`open_services` puts the parts together, `build_application` gives them to the handlers, `bot.running` keeps them going.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler
from telegram.request import BaseRequest

from bot import failpoints, failures, logs
from bot.access import Access
from bot.audit import Audit
from bot.clock import Clock, utc_now
from bot.database import Database, open_database
from bot.encryption import cipher_of
from bot.files import FileStore
from bot.inbox import Inbox
from bot.jobs import JOBS, Job
from bot.network import Network
from bot.outbox import Outbox
from bot.people import People
from bot.settings import Settings
from forms.store import NominationStore
from knowledge.library import Library

if TYPE_CHECKING:
    from index.engine import Catalogue, Engine

App = Application[Any, Any, Any, Any, Any, Any]


Register = Callable[[App, "Services"], None]


@dataclass
class Services:
    """Everything a handler may need: `services = context.bot_data["services"]`."""

    settings: Settings
    db: Database
    clock: Clock
    files: FileStore
    inbox: Inbox
    outbox: Outbox
    library: Library
    nominations: NominationStore
    access: Access
    audit: Audit
    jobs: list[Job] = field(default_factory=lambda: list(JOBS))
    examples: tuple[Catalogue, dict[str, list[int]]] | None = None
    """The example questions of each institution, as long as the plans stay as they are in this catalogue."""
    trying: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while examples are asked: of many who come at once, one asks for all."""
    indexing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while the index is built: of two builds the one with the newer plans comes last."""

    @cached_property
    def engine(self) -> Engine:
        """Made when first wanted, on the thread that owns the database. The model is loaded by its first question, or `warm`."""
        from index.engine import Engine
        from index.search import Index

        engine = Engine(Index(self.settings.index, failpoints.hit))
        engine.refresh(self.library)
        return engine

    def close(self) -> None:
        self.db.close()


def open_services(settings: Settings, *, clock: Clock = utc_now, db: Database | None = None) -> Services:
    """The services over the data folder of `settings`; `db` stands in for its database. Hold `bot.lock` before writing."""
    db = open_database(settings.database) if db is None else db
    files = FileStore(settings.files, cipher_of(db))
    services = Services(
        settings=settings,
        db=db,
        clock=clock,
        files=files,
        inbox=Inbox(db, clock),
        outbox=Outbox(db, clock),
        library=Library(db),
        nominations=NominationStore(db),
        access=Access(db),
        audit=Audit(db),
    )
    services.outbox.read = files.read
    services.outbox.on_unreachable.append(lambda chat_id, reason: People(db).unreachable(chat_id))
    return services


def build_application(services: Services, *, request: BaseRequest | None = None, register: Register | None = None) -> App:
    """The application with every handler. `request` is the network: by default Telegram at the address of the settings.

    `register` puts other handlers in their place. Raises ValueError where there is neither a token nor a `request`.
    """
    settings = services.settings
    token = settings.token.get_secret_value() if settings.token else "0:local" if request else ""
    if not token:
        raise ValueError("no token: set GUONGSANG_TOKEN")
    logs.keep_secret(token)
    builder = ApplicationBuilder().token(token).updater(None).job_queue(None)
    builder = builder.base_url(f"{settings.api}/bot").base_file_url(f"{settings.api}/file/bot")
    builder = builder.request(request or Network(settings.request_timeout_s, settings.proxy))
    builder = builder.get_updates_request(request or Network(settings.request_timeout_s, settings.proxy))
    application = builder.build()
    application.bot_data["services"] = services
    application.add_error_handler(failures.tell)
    application.add_handler(CallbackQueryHandler(failures.try_again, pattern=failures.RETRY_DATA))
    (register or _every_handler)(application, services)
    return application


def _every_handler(application: App, services: Services) -> None:
    from bot import handlers

    handlers.register(application, services)
