"""Rule X-2: a page offers nobody a link that answers 403 or 404 to them."""

import re

import pytest
from django.urls import reverse

from tests.stories import committee, projects
from tests.world import person

pytestmark = pytest.mark.django_db


def links_of(client, url: str) -> set[str]:
    page = client.get(url).content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    return {href for href in re.findall(r'href="(/[^"#?]+)', main) if not href.startswith("/static")}


@pytest.mark.parametrize("name", ["tomas", "rosa", "aldo", "sofia"])
def test_rule_X2_every_link_of_an_application_opens_for_whoever_sees_it(client, name):
    committee.seated()
    application = projects.completed("lupe")
    committee.evaluated(application)
    committee.recommended(application)
    committee.decided(application)
    client.force_login(person(name))
    page = reverse("projects:application", args=[application.uid])
    if client.get(page).status_code != 200:
        pytest.skip("this person does not see the application")
    for link in links_of(client, page):
        assert client.get(link).status_code in (200, 302), link
