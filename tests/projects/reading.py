"""What a reader sees of a page, and how tests ask for it."""

import re
from html import unescape

from django.urls import reverse

#: A tannery's answers on the public page "May I apply?".
ASKED = {
    "country": "MX",
    "sector": "tanning",
    "workers": "40",
    "yearly_sales": "60,000,000",
    "purpose": "reuse",
}


def text_of(response):
    """What a reader sees, in one line."""
    body = re.sub(r"<(script|style|svg).*?</\1>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body))).replace("\xa0", " ")


def step_url(application, step):
    return reverse("projects:application-step", args=[application.uid, step])


def read(client, url, status=200):
    response = client.get(url)
    assert response.status_code == status, response.status_code
    return text_of(response)


def post(client, url, data, status=200):
    response = client.post(url, data)
    assert response.status_code == status, (response.status_code, text_of(response)[:600])
    return text_of(response)


def may_apply(client, **changes):
    """The public page's answer, in English."""
    url, english = reverse("projects:may-apply"), {"accept-language": "en"}
    response = client.get(url, {**ASKED, **changes}, headers=english)
    assert response.status_code == 200
    return text_of(response)
