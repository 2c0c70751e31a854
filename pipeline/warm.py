"""What a worker needs, imported once by the fork server, so that each worker starts with it."""

import brotli
import lxml.html
import trafilatura
import w3lib.url
import zstandard

import pipeline.extract
import pipeline.generic
import pipeline.outlet

PRELOADED = (brotli, lxml.html, trafilatura, w3lib.url, zstandard, pipeline.extract, pipeline.generic, pipeline.outlet)
