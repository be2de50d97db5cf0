"""How an officer signs in to the console: by one-time link, passkey, or password with a code; and her session."""

from quartet.console.signin.book import Book, open_book
from quartet.console.signin.desk import Asker, SigninDesk
from quartet.console.signin.sessions import Session, Sessions

__all__ = ["Asker", "Book", "Session", "Sessions", "SigninDesk", "open_book"]
