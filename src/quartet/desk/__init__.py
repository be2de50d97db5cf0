"""What officers work with: typed forms of what they say, and folds from signed items to how something stands. Pure."""

from typing import TYPE_CHECKING

from quartet.core.front import behind

if TYPE_CHECKING:
    from quartet.desk.duty import MAX_WATCH, OnWatch, Watch, board, check_watch
    from quartet.desk.forms import FORMS, KIND_OF, Kind, check_audience, check_form, form_of
    from quartet.desk.naming import Item, named, resolved
    from quartet.desk.said import Said
else:
    __getattr__ = behind(
        __name__,
        {
            "duty": ("MAX_WATCH", "OnWatch", "Watch", "board", "check_watch"),
            "forms": ("FORMS", "KIND_OF", "Kind", "check_audience", "check_form", "form_of"),
            "naming": ("Item", "named", "resolved"),
            "said": ("Said",),
        },
    )

__all__ = [
    "FORMS",
    "KIND_OF",
    "MAX_WATCH",
    "Item",
    "Kind",
    "OnWatch",
    "Said",
    "Watch",
    "board",
    "check_audience",
    "check_form",
    "check_watch",
    "form_of",
    "named",
    "resolved",
]
