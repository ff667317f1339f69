from tests.contact.provider import giving, standin

__all__ = ["giving", "standin"]
