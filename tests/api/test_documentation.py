"""The interactive documentation is served from here and reaches for nothing elsewhere."""

import re

from tests.house import House

LOADED = re.compile(r"""(?:src|href)\s*=\s*["']([^"']+)["']""")
FOREIGN = re.compile(r"""(?:https?:)?//[a-z0-9]""")


async def test_the_page_and_all_that_it_loads_are_served_from_here(house: House) -> None:
    page = await house.client.get("/api/v1/docs")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    loaded = LOADED.findall(page.text)
    assert len(loaded) >= 3, "a script, a stylesheet and an icon"
    for path in loaded:
        answer = await house.client.get(path)
        assert (answer.status_code, len(answer.content) > 500) == (200, True), path


async def test_the_page_names_no_foreign_host(house: House) -> None:
    page = (await house.client.get("/api/v1/docs")).text
    assert FOREIGN.findall(page) == []
    assert "StandaloneLayout" not in page, "that layout asks a foreign host to validate the description"
    assert FOREIGN.findall('<script src="https://cdn.example/x.js">'), "such a host would be found"


async def test_the_stylesheet_loads_nothing_from_a_foreign_host(house: House) -> None:
    page = (await house.client.get("/api/v1/docs")).text
    (stylesheet,) = [path for path in LOADED.findall(page) if path.endswith(".css")]
    styles = (await house.client.get(stylesheet)).text
    assert re.findall(r"@import|url\(\s*[\"']?(?:https?:)?//", styles) == []


async def test_the_page_shows_the_description_of_this_service(house: House) -> None:
    page = (await house.client.get("/api/v1/docs")).text
    assert "/api/v1/openapi.json" in page
    assert (await house.client.get("/api/v1/openapi.json")).status_code == 200


async def test_nothing_but_its_own_files_is_served_beside_the_page(house: House) -> None:
    for path in ("../../../../etc/passwd", "..%2f..%2f..%2f..%2fetc%2fpasswd", "%2e%2e/__init__.py", "nothing.js", ""):
        answer = await house.client.get(f"/api/v1/docs-files/{path}")
        assert answer.status_code in (404, 405), path
        assert "root:" not in answer.text
