"""The crawl's manners and defences, as Scrapy reads them.

One request is one attempt is one capture: Scrapy's own redirects, retries, robots, cookies, seen addresses and
decompression are off, because our links, captures and payload rules do that work and leave nothing out. Its parts that
listen on a port, open files or follow proxies are off because an outlet's pages must never reach them.
"""

from __future__ import annotations

from archive import __version__
from archive.config import config

BOT_NAME = "luuchieu"
SPIDER_LOADER_CLASS = "crawler.loader.OutletLoader"
SPIDER_MODULES = ["crawler"]

# Who we are. A contact (an address of mail or of a page) comes from ARCHIVE_CONTACT or archive.toml.
USER_AGENT = f"{BOT_NAME}/{__version__}"

# Our own parts.
DOWNLOAD_HANDLERS = {
    "http": "crawler.download.CaptureHandler",
    "https": "crawler.download.CaptureHandler",
    "file": None,
    "data": None,
    "ftp": None,
    "s3": None,
}
TWISTED_DNS_RESOLVER = "crawler.resolver.GuardResolver"
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"

# Off: what listens, what opens, what follows.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
COOKIES_ENABLED = False
HTTPPROXY_ENABLED = False
HTTPCACHE_ENABLED = False
REDIRECT_ENABLED = False
METAREFRESH_ENABLED = False
RETRY_ENABLED = False
REFERER_ENABLED = False
REFERRER_POLICY = "no-referrer"
# Off, because ours is stricter: see crawler/robots.py.
ROBOTSTXT_OBEY = False
# Off: bodies are kept as received, and verified by pipeline/payload.py.
COMPRESSION_ENABLED = False
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
HTTPERROR_ALLOW_ALL = True
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
}
SPIDER_MIDDLEWARES = {
    # The callbacks yield nothing: links go by the archive's database.
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
}
EXTENSIONS = {"scrapy.extensions.feedexport.FeedExporter": None, "scrapy.extensions.logstats.LogStats": None}

# Politeness. The turns of a host (delay, Retry-After, one request at a time) are kept by crawler/frontier.py, which
# hands out a link only when its host is free; a queue of Scrapy's own would hold up a stop.
CONCURRENT_REQUESTS = 4
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 0
#: The longest delay that a slow host earns itself, seconds.
SLOWEST_DELAY = 10.0
#: The longest Crawl-delay taken literally, seconds.
LONGEST_CRAWL_DELAY = 60.0
#: A Retry-After up to this many seconds is waited out within the crawl; beyond it the host is left for another time.
PATIENCE = 60.0
#: A host that gives no answer so many times in a row is left for this crawl.
BREAK_AFTER = 5
#: So many requests may be between their hand-out and their filing: bounds memory.
OPEN_ENDS = 8

# Bounds.
DOWNLOAD_MAXSIZE = 16 * 2**20
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = config().timeout
DNS_TIMEOUT = 10
MEMUSAGE_LIMIT_MB = 1024
# A cut body is kept and named truncated by the handler.
DOWNLOAD_FAIL_ON_DATALOSS = False
DOWNLOAD_VERIFY_CERTIFICATES = True
#: Redirects followed from one found address.
MAX_HOPS = 5
#: Seconds that requests in flight get when the crawl is asked to stop.
GRACE = 20.0
#: Seconds more that their reading and filing may take before the process ends anyway.
PAGE_GRACE = 8.0

DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "vi,en;q=0.5",
    "Accept-Encoding": "gzip, deflate, br, zstd",
}

# What goes wrong with a page is its capture's outcome; the log is for what should never happen.
LOG_LEVEL = "ERROR"
LOG_FORMAT = "%(name)s: %(message)s"
STATS_DUMP = False
