"""The forms of models: what an empty choice is called."""

from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH

from jobfirst.kit.model_forms import ModelForm, name_empty_choice
from plans.models import PlanForJob
from tests.loops import some


class SampleForm(ModelForm[PlanForJob]):
    class Meta:
        model = PlanForJob
        fields = ("model", "effort")


def test_an_empty_choice_of_a_model_is_a_word():
    for field in some(SampleForm().fields.values()):
        assert [str(label) for value, label in field.choices if not value] == ["Vælg"]
        assert len(list(field.choices)) > 1


def test_where_the_choice_may_stay_empty_it_is_a_dash():
    field = forms.ChoiceField(choices=[*BLANK_CHOICE_DASH, ("a", "A")], required=False)
    name_empty_choice(field)
    assert list(field.choices) == [("", "–"), ("a", "A")]
