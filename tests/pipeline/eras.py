"""A small page of our own making for each era of each outlet, in the structure that outlets' pages have."""

PARAGRAPHS = tuple(
    f"Đoạn {word} kể tiếp câu chuyện bên sông, đủ dài để đứng làm một đoạn của bài báo này."
    for word in ("thứ nhất", "thứ hai", "thứ ba")
)
CAPTION = "Thuyền về bến lúc chiều muộn (Ảnh: Tô Lan)."
TITLE = "Một mùa nước nổi bên sông"
LEAD = "Nước về sớm hơn mọi năm."
FIGURE = (
    f'<figure><img data-src="/anh.jpg" src="data:image/gif;base64,R0" alt="{TITLE} - 1">'
    f"<figcaption>{CAPTION}</figcaption></figure>"
)
INSIDE = f"<p>{PARAGRAPHS[0]}</p>{FIGURE}<p>{PARAGRAPHS[1]}</p><p>{PARAGRAPHS[2]}</p>"
LOOSE = "<br><br>".join(PARAGRAPHS)

_CMS = (
    '<h1 class="article__title cms-title">{title}</h1><div class="article__sapo cms-desc">{lead}</div>'
    '<div class="article__meta"><time class="time" datetime="2026-07-21T07:17:56+07:00">21/07/2026 07:17</time></div>'
    '<div class="article__body zce-content-body cms-body" itemprop="articleBody">{inside}</div>'
)
_VCC = (
    '<h1 class="detail-title" data-role="title">{title}</h1><div data-role="publishdate">21/07/2026 07:17 GMT+7</div>'
    '<h2 class="detail-sapo" data-role="sapo">{lead}</h2><div class="detail-cmain">'
    '<div class="detail-content afcbc-body" data-role="content" itemprop="articleBody">{inside}</div></div>'
)
_LAODONG = (
    '<h1 class="title">{title}</h1><span class="time">Thứ ba, 21/07/2026 07:17</span><div class="chappeau">{lead}</div>'
    '<div class="art-body" itemprop="articleBody">{inside}</div>'
)
_OLD_CMS = (
    '<header class="article-header"><h1 class="cms-title">{title}</h1><h2 class="cms-desc">{lead}</h2><p class="meta">'
    '<time datetime="2017-12-04T07:23:20+07:00">04/12/2017 07:23</time></p></header>'
)
#: By template: the article's address, and its page with `{title}`, `{lead}` and `{inside}`.
ERAS = {
    "dantri/2014": (
        "https://dantri.com.vn/xa-hoi/tin-1394960894.htm",
        '<div id="ctl00_IDContent_ctl00_divContent"><div class="box26"><span class="tt-capitalize">Chủ nhật, '
        '16/03/2014 - 16:08</span></div><h1 class="fon31">{title}</h1><h2 class="sapo">{lead}</h2>'
        '<div id="divNewsContent">{inside}</div><div class="news-tags-item"><a>nước</a></div></div>',
    ),
    "dantri/2020": (
        "https://dantri.com.vn/xa-hoi/tin-20201212101010123.htm",
        '<h1 class="dt-news__title">{title}</h1><span class="dt-news__time">Thứ bảy, 12/12/2020 - 10:10</span>'
        '<div class="dt-news__sapo"><h2>{lead}</h2></div><div class="dt-news__content">{inside}</div>',
    ),
    "dantri/2021": (
        "https://dantri.com.vn/xa-hoi/tin-20221223144734383.htm",
        '<article class="singular-container"><h1 class="title-page detail">{title}</h1><h2 class="singular-sapo">{lead}'
        '</h2><div class="singular-content">{inside}</div></article>',
    ),
    "dantri/emagazine": (
        "https://dantri.com.vn/xa-hoi/tin-20221223160208680.htm",
        '<article class="e-magazine d-magazine"><h1 class="e-magazine__title">{title}</h1><h2 class="e-magazine__sapo">'
        '{lead}</h2><div class="e-magazine__body">{inside}</div></article>',
    ),
    "dantri/2026": (
        "https://dantri.com.vn/xa-hoi/tin-20260720215519144.htm",
        '<main><article data-slot="container"><h1 data-slot="title">{title}</h1><time datetime="2026-07-21 00:00">21/07'
        '</time><h2 data-slot="sapo">{lead}</h2><div data-slot="content">{inside}</div></article></main>',
    ),
    "laodong/2019": (
        "https://laodong.vn/xa-hoi/tin-840744.ldo",
        '<section class="section-n2"><div class="section-title"><h1>{title}</h1></div><div class="left-sidebar">'
        '<div class="time"><time>01/10/2020 | 10:10</time></div><p class="abs">{lead}</p><div class="article-content">'
        "{inside}</div></div></section>",
    ),
    "laodong/2021": (
        "https://laodong.vn/xa-hoi/tin-994312.ldo",
        f'<div ng-controller="ChiTietTinCtrl">{_LAODONG}</div>',
    ),
    "laodong/2022": (
        "https://laodong.vn/xa-hoi/tin-1741008.ldo",
        f'<article class="article-detail">{_LAODONG}</article>',
    ),
    "vietnamplus/2014": (
        "https://www.vietnamplus.vn/tin/270000.vnp",
        '<h1>{title}</h1><div class="date">lúc : 11/07/14 11:35</div><h2 class="sapo">{lead}</h2>'
        '<div align="justify">{inside}</div>',
    ),
    "vietnamplus/2017": (
        "https://www.vietnamplus.vn/tin/478059.vnp",
        f'{_OLD_CMS}<div class="article-body cms-body AdAsia">{{inside}}</div>',
    ),
    "vietnamplus/2021": (
        "https://www.vietnamplus.vn/tin/762281.vnp",
        f'{_OLD_CMS}<div class="article-body cms-body">{{inside}}</div>',
    ),
    "vietnamplus/2023": ("https://www.vietnamplus.vn/tin-post1125344.vnp", _CMS),
    "baotintuc/2020": (
        "https://baotintuc.vn/xa-hoi/tin-20260716171712046.htm",
        '<h1 class="detail-title">{title}</h1><div class="action-link"><div class="date"><span class="txt">Thứ Năm, '
        '16/07/2026 17:17</span></div></div><h2 class="sapo">{lead}</h2><div class="boxdetail"><div class="contents">'
        "{inside}</div></div>",
    ),
    "nhandan/2020": (
        "https://nhandan.com.vn/tin-tuc-xa-hoi/tin-629384/",
        '<div class="item-container"><h3>{title}</h3><div class="date-created">Thứ Ba, 12/05/2020, 10:30</div>'
        '<div class="sapo"><p>{lead}</p></div><div class="item-content">{inside}</div></div>',
    ),
    "nhandan/2023": ("https://nhandan.vn/tin-post976641.html", _CMS),
    "vnexpress/2020": (
        "https://vnexpress.net/tin-4954454.html",
        '<span class="date">Thứ tư, 22/10/2025, 19:25 (GMT+7)</span><h1 class="title-detail">{title}</h1>'
        '<p class="description">{lead}</p><article class="fck_detail">{inside}</article>',
    ),
    "vietgiaitri/2021": (
        "https://vietgiaitri.com/tin-20220121i6282017",
        '<h1>{title}</h1><div class="entry clearfix">{inside}</div>',
    ),
    "tienphong/2017": (
        "https://www.tienphong.vn/xa-hoi/tin-1657001.tpo",
        '<h1 id="headline" class="cms-title">{title}</h1><p class="byline-dateline"><time>17/05/2020 | 10:05</time></p>'
        '<p class="article-sapo cms-desc">{lead}</p><div id="article-body" class="cms-body">{inside}</div>',
    ),
    "tuoitre/2017": (
        "https://tuoitre.vn/tin-20200405093012345.htm",
        '<h1 class="article-title">{title}</h1><div class="date-time">05/04/2020 09:30 GMT+7</div>'
        '<div class="main-content-body"><h2 class="sapo">{lead}</h2><div class="content fck" id="main-detail-body">'
        "{inside}</div></div>",
    ),
    "vov/2017": (
        "https://vov.vn/xa-hoi/tin-703001.vov",
        f'{_OLD_CMS}<div class="article-body cms-body">{{inside}}</div>',
    ),
    "tienphong/2021": ("https://tienphong.vn/tin-post1612345.tpo", _CMS),
    "tuoitre/2022": ("https://tuoitre.vn/tin-20260716171712046.htm", _VCC),
    "thanhnien/2022": ("https://thanhnien.vn/tin-185260716171712046.htm", _VCC),
    "thanhnien/2020": (
        "https://thanhnien.vn/tin-post1419371.html",
        '<h1 class="details__headline">{title}</h1><div class="details__meta"><time>07:17 21/07/2021</time></div>'
        '<div id="chapeau">{lead}</div><div id="abody">{inside}</div>',
    ),
    "vietnamnet/2022": (
        "https://vietnamnet.vn/tin-2123456.html",
        '<h1 class="content-detail-title">{title}</h1><div class="bread-crumb-detail__time">Thứ Ba, 21/07/2026 - 07:17'
        '</div><h2 class="content-detail-sapo">{lead}</h2><div id="maincontent" class="maincontent main-content">'
        "{inside}</div>",
    ),
    "vietnamnet/2020": (
        "http://vietnamnet.vn/vn/thoi-su/tin-810885.html",
        '<div class="ArticleDetail"><h1 class="title">{title}</h1><span class="ArticleDate">21/07/2021 07:17</span>'
        '<div class="ArticleLead"><p>{lead}</p></div><div id="ArticleContent" class="ArticleContent">{inside}</div>'
        "</div>",
    ),
    "vov/2020": (
        "https://vov.vn/xa-hoi/tin-post1212345.vov",
        '<h1 class="article-title">{title}</h1><div class="col-md-4 mb-2">Thứ Ba, 07:17, 21/07/2026</div>'
        '<div class="article-summary">{lead}</div><div class="article-content">{inside}</div>',
    ),
    "soha/2021": ("https://soha.vn/tin-198260716225912345.htm", _VCC),
    "thethaovanhoa/2021": ("https://thethaovanhoa.vn/the-thao/tin-n20210802204900628.htm", _VCC),
    "bnews/2020": (
        "https://bnews.vn/tin/438954.html",
        '<h1 class="post-title">{title}</h1><span class="post-time">07:17\' - 21/07/2026</span>'
        '<h2 class="sapo">{lead}</h2><div itemprop="articleBody">{inside}</div>',
    ),
}


def era_page(era: str, inside: str = INSIDE, *, title: str = TITLE, lead: str = LEAD, head: str = "") -> str:
    """Give an era's page with this body."""
    told = ERAS[era][1].format(title=title, lead=lead, inside=inside)
    return f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8">{head}</head><body>{told}</body></html>'
