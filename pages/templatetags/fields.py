"""How our form templates draw the control of a field."""

from django import template

register = template.Library()


@register.simple_tag
def control(field):
    """The field's control with the class `input`, tied to its help and errors.

    Django ties most controls by itself, but not those it expects inside a `fieldset`: a file input is one of them,
    and ours has a plain label.
    """
    attrs = {"class": f"input {field.field.widget.attrs.get('class', '')}".strip()}
    if field.aria_describedby:
        attrs["aria-describedby"] = field.aria_describedby
    return field.as_widget(attrs=attrs)
