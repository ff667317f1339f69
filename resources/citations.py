"""An entry of the library as a bibliography writes it. Names and titles stand as the document has them."""


def reference(resource):
    """Who published it, when and where, beside a title: `Author, A. (2014). Journal 65(4), 517–522.`"""
    who = _who(resource)
    return _sentences(_dated(who, resource.year) if who else str(resource.year or ""), *_places(resource))


def citation(resource):
    """The whole entry in one line, ready to paste: `Author, A. (2014). Title. Journal 65(4), 517–522. https://doi.org/…`

    It ends with where the document stands elsewhere, not with a file of ours.
    """
    who = _who(resource)
    first = [_dated(who, resource.year), resource.title] if who else [_dated(resource.title, resource.year)]
    return " ".join(filter(None, [_sentences(*first, *_places(resource)), resource.doi_url or resource.url]))


def _who(resource):
    """Where nobody is named as author, the publisher stands for one."""
    return resource.authors or resource.publisher


def _places(resource):
    return [resource.citation, resource.publisher if resource.authors else ""]


def _dated(words, year):
    return " ".join(filter(None, [words, f"({year})" if year else ""]))


def _sentences(*parts):
    return " ".join(part if part.endswith((".", "?", "!")) else f"{part}." for part in parts if part)
