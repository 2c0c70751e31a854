"""What the replica prints, the pipeline reads back: every article of every era, part for part."""

from __future__ import annotations

import pytest

from archive import seeds
from archive.seedtext import render
from archive.values import Article, Capture, Outcome, Reading
from pipeline.extract import extract
from pipeline.outlet import load_outlets
from tests.replica.clock import read_time
from tests.replica.newsroom import Piece
from tests.replica.sites import SITES
from tests.replica.stories import load
from tests.replica.world import World

EVENING = read_time("2026-11-20T23:30:00+07:00")
HTML = (("Content-Type", "text/html; charset=utf-8"),)


@pytest.fixture(scope="module")
def world() -> World:
    return World(load(), {})


def read(world: World, piece: Piece) -> Reading:
    body = world.answer(SITES[piece.outlet], piece.path, EVENING).body
    capture = Capture(
        outlet=piece.outlet, url=piece.url, fetched_at=EVENING, outcome=Outcome.OK, status=200, headers=HTML, body=body
    )
    return extract(capture, load_outlets()[piece.outlet])


def parts(article: Article) -> tuple[object, ...]:
    # A credit such as "Ảnh: Công Bính" is printed among the writers and read as the name alone.
    names = tuple(name.removeprefix("Ảnh: ") for name in article.byline)
    return article.title, names, article.lead, article.blocks, article.source_line


def test_every_article_is_read_back_part_for_part(world: World) -> None:
    unlike = []
    for piece in world.pieces:
        told = piece.shown(EVENING)
        if told is None:
            continue
        reading = read(world, piece)
        known = (Outcome.OK, f"{piece.outlet}/{piece.era}", parts(told))
        found = (reading.outcome, reading.template, reading.article and parts(reading.article))
        unlike += [] if known == found else [(piece.url, known, found)]
    assert unlike == []


@pytest.mark.parametrize("number", range(5))
def test_a_seed_comes_back_exact_from_its_page(world: World, number: int) -> None:
    piece = next(piece for piece in world.pieces if piece.story == f"seed {number}")
    article = read(world, piece).article
    assert article
    assert render(article) == render(seeds.load()[number].article)
