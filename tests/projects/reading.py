"""What a reader sees of a page, and how tests ask for it."""

import re
from html import unescape

from django.urls import reverse


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
