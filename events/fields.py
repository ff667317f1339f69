from django import forms
from django.db import models


class ChoiceSet(tuple):
    """The chosen values in the order of the choices. As text: `,patrol,dispatch,`, so that one can be looked for."""

    __slots__ = ()

    def __str__(self):
        return f",{','.join(self)}," if self else ""


class ChoiceSetField(models.CharField):
    """Several of a few fixed choices, kept as text. Rows that hold one: `filter(audiences__contains=",patrol,")`."""

    def from_db_value(self, value, expression, connection):
        return self.to_python(value)

    def to_python(self, value):
        if isinstance(value, str):
            value = value.strip(",").split(",") if value.strip(",") else ()
        order = [key for key, _label in self.flatchoices]
        known = [key for key in order if key in (value or ())]
        return ChoiceSet([*known, *(key for key in value or () if key not in order)])

    def get_prep_value(self, value):
        return str(self.to_python(value))

    def value_to_string(self, obj):
        return str(self.to_python(self.value_from_object(obj)))

    def validate(self, value, model_instance):
        for key in value:
            super().validate(key, model_instance)
        if not value and not self.blank:
            raise forms.ValidationError(self.error_messages["blank"], code="blank")

    def run_validators(self, value):
        super().run_validators(str(value))

    def formfield(self, **kwargs):
        return forms.MultipleChoiceField(
            choices=self.flatchoices,
            widget=forms.CheckboxSelectMultiple,
            required=not self.blank,
            label=kwargs.get("label") or str(self.verbose_name).capitalize(),
            help_text=self.help_text,
        )

    def contribute_to_class(self, cls, name, **kwargs):
        super().contribute_to_class(cls, name, **kwargs)
        labels = dict(self.flatchoices)
        setattr(cls, f"get_{name}_display", lambda self: [str(labels.get(key, key)) for key in getattr(self, name)])
