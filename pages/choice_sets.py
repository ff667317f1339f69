"""A field for several of a few fixed choices."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils.text import capfirst


class ChoiceSet(tuple):
    """The chosen values in the order of the choices. As text: `,patrol,dispatch,`, so that one can be looked for."""

    __slots__ = ()

    def __str__(self):
        return f",{','.join(self)}," if self else ""


class ChoiceSetAttribute(DeferredAttribute):
    """Whatever is assigned is a `ChoiceSet` from then on, before the row is saved as well as after."""

    def __set__(self, instance, value):
        instance.__dict__[self.field.attname] = self.field.to_python(value)


class ChoiceSetField(models.CharField):
    """Several of a few fixed choices, kept as text. Rows that hold one: `filter(audiences__contains=",patrol,")`.

    Without choices it keeps whatever it is given, in the order given.
    """

    descriptor_class = ChoiceSetAttribute

    def from_db_value(self, value, expression, connection):
        return self.to_python(value)

    def to_python(self, value):
        if isinstance(value, ChoiceSet):
            return value
        given = value.split(",") if isinstance(value, str) else value or ()
        given = dict.fromkeys(key for key in given if key)
        order = [key for key, _label in self.flatchoices]
        return ChoiceSet([*(key for key in order if key in given), *(key for key in given if key not in order)])

    def get_prep_value(self, value):
        return str(self.to_python(value))

    def value_to_string(self, obj):
        return str(self.value_from_object(obj))

    def validate(self, value, model_instance):
        for key in value:
            super().validate(key, model_instance)
        if not value and not self.blank:
            raise ValidationError(self.error_messages["blank"], code="blank")

    def run_validators(self, value):
        super().run_validators(str(value))

    def formfield(self, **kwargs):
        values = {
            "choices": self.flatchoices,
            "widget": forms.CheckboxSelectMultiple,
            "required": not self.blank,
            "label": capfirst(self.verbose_name),
            "help_text": self.help_text,
        }
        return forms.MultipleChoiceField(**values | kwargs)

    def contribute_to_class(self, cls, name, **kwargs):
        super().contribute_to_class(cls, name, **kwargs)
        labels = dict(self.flatchoices)
        setattr(cls, f"get_{name}_display", lambda self: [str(labels.get(key, key)) for key in getattr(self, name)])
