"""What officers work with: typed forms of what they say, and folds from signed items to how something stands. Pure."""

from quartet.desk.duty import MAX_WATCH, OnWatch, Watch, board, check_watch
from quartet.desk.forms import FORMS, check_form, form_of

__all__ = ["FORMS", "MAX_WATCH", "OnWatch", "Watch", "board", "check_form", "check_watch", "form_of"]
