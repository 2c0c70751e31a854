"""One spider for each outlet file, for Scrapy's own commands: `scrapy list` names them."""

from __future__ import annotations

import builtins
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.settings import BaseSettings

from archive.config import config
from pipeline.outlet import Outlet, load_outlets


class OutletLoader:
    """Finds the outlets' spiders; the user's own outlet folder is ARCHIVE_OUTLETS."""

    def __init__(self, outlets: dict[str, Outlet]) -> None:
        self.outlets = outlets

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> OutletLoader:
        """Read the outlet files."""
        return cls(load_outlets(config().outlets))

    def load(self, spider_name: str) -> type[Spider]:
        """Give the outlet's spider class. Raises KeyError."""
        from crawler.spider import OutletSpider

        if spider_name not in self.outlets:
            raise KeyError(f"Spider not found: {spider_name}")
        return type(f"{spider_name.title()}Spider", (OutletSpider,), {"name": spider_name})

    def list(self) -> list[str]:
        """Name all outlets."""
        return list(self.outlets)

    def find_by_request(self, request: Request) -> builtins.list[str]:
        """Name the outlets whose hosts hold this request's address."""
        host = urlsplit(request.url).hostname
        return [name for name, outlet in self.outlets.items() if host in outlet.hosts]
