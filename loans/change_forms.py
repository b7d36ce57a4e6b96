"""What people type about a loan that is running: the day of a pay-off, refunds, new schedules, write-offs."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from fund.forms import DayField


class PayOffForm(forms.Form):
    on = DayField(label=_("Day of payment"), help_text=_("The day on which the money will arrive."))
