"""What the tags of a page and the words of their classes say: furniture, a caption, a byline, the outlet's name.

The words are what page builders call such boxes everywhere; a box that turns out to hold the page's text is none.
"""

from typing import Final

from quartet.intake.pages.lines import Role

_TAGS: Final = {
    "nav": Role.FURNITURE,
    "footer": Role.FURNITURE,
    "aside": Role.FURNITURE,
    "form": Role.FURNITURE,
    "button": Role.FURNITURE,
    "select": Role.FURNITURE,
    "dialog": Role.FURNITURE,
    "menu": Role.FURNITURE,
    "details": Role.FURNITURE,
    "marquee": Role.FURNITURE,
    "figcaption": Role.CAPTION,
    "caption": Role.CAPTION,
}
_ROLES: Final = {
    **dict.fromkeys(
        ("navigation", "contentinfo", "complementary", "search", "dialog", "alert", "menu"), Role.FURNITURE
    ),
    **dict.fromkeys(("toolbar", "menubar", "tablist", "alertdialog", "banner", "form"), Role.FURNITURE),
}
_OPEN: Final = frozenset({"html", "body", "main", "article", "h1"})
"""Tags that are never furniture by the words of their class."""
_FURNITURE: Final = frozenset(
    {
        *(
            "nav",
            "navbar",
            "navigation",
            "menu",
            "submenu",
            "breadcrumb",
            "breadcrumbs",
            "crumbs",
            "footer",
            "colophon",
        ),
        *("sidebar", "aside", "rail", "related", "relatedposts", "recommended", "recommendations", "readmore"),
        *(
            "share",
            "sharing",
            "sharedaddy",
            "social",
            "addthis",
            "cookie",
            "cookies",
            "consent",
            "gdpr",
            "popup",
            "modal",
        ),
        *(
            "overlay",
            "newsletter",
            "subscribe",
            "subscription",
            "paywall",
            "promo",
            "promotion",
            "advert",
            "advertisement",
        ),
        *("ad", "ads", "adsense", "banner", "sponsor", "sponsored", "outbrain", "taboola", "comments", "comment"),
        *("respond", "disqus", "tags", "tag", "ticker", "trending", "popular", "widget", "toolbar", "tools", "skip"),
        *("pagination", "pager", "login", "search", "copyright", "legal", "disclaimer", "masthead", "topbar", "toc"),
        *(
            "counters",
            "views",
            "likes",
            "reactions",
            "rating",
            "poll",
            "donate",
            "reply",
            "replies",
            "teaser",
            "teasers",
        ),
        *("mostread", "latest", "headlines", "partner", "partners", "crosslinks"),
    }
)
_CAPTION: Final = frozenset({"caption", "figcaption", "legend", "cutline", "photocredit", "imgcaption"})
_CAPTION_PAIRS: Final = (
    {"photo", "text"},
    {"image", "text"},
    {"img", "text"},
    {"photo", "credit"},
    {"image", "credit"},
)
_BYLINE: Final = frozenset(
    {
        *(
            "byline",
            "dateline",
            "author",
            "posted",
            "published",
            "pubdate",
            "datepublished",
            "timestamp",
            "date",
            "time",
        ),
        *("meta", "postmeta", "signature", "writer", "reporter", "issued", "release"),
    }
)
_OUTLET: Final = frozenset({"logo", "brand", "branding", "sitename", "wordmark", "nameplate", "publisher"})
_OUTLET_PAIRS: Final = (
    {"site", "title"},
    {"site", "name"},
    {"channel", "title"},
    {"channel", "name"},
    {"header", "title"},
    {"blog", "title"},
    {"page", "owner"},
)


_SURE: Final = frozenset(
    {
        *("footer", "colophon", "sidebar", "cookie", "cookies", "consent", "gdpr", "newsletter", "comments", "related"),
        *("relatedposts", "nav", "navbar", "menu", "recommended", "mostread", "popular", "trending"),
    }
)


def is_surely_furniture(tag: str, words: frozenset[str]) -> bool:
    """Return whether a box is furniture even where it holds half of the page."""
    return _TAGS.get(tag) is Role.FURNITURE or bool(words & _SURE)


def role_of(tag: str, words: frozenset[str], role: str) -> Role:
    """Return what a tag, the words of its class and its role say of what it holds."""
    if tag in _OPEN:
        return Role.NONE
    known = _TAGS.get(tag) or _ROLES.get(role.strip().lower()[:20])
    if known is not None and known is not Role.NONE:
        return known
    if not words:
        return Role.NONE
    if words & _OUTLET or any(pair <= words for pair in _OUTLET_PAIRS):
        return Role.OUTLET
    if words & _CAPTION or any(pair <= words for pair in _CAPTION_PAIRS):
        return Role.CAPTION
    if words & _FURNITURE:
        return Role.FURNITURE
    return Role.BYLINE if words & _BYLINE else Role.NONE
