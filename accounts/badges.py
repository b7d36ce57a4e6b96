"""A state as people see it: a tone, an icon and a word, never colour alone."""

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise

Tone = Literal["neutral", "info", "good", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class Badge:
    tone: Tone
    icon: str  # a Lucide icon's name
    label: str | Promise
