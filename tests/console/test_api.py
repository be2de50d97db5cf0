"""The API of a real node: each request proved, each fault a problem with its reason, nothing told of the withheld."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from served import Door, door, draft

from quartet.console.shapes import MAX_PART
from quartet.core.encoding import b64
from quartet.core.keys import SecretKey


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with door(tmp_path_factory.mktemp("x") / "t") as made:
        yield made


TARGETS = ["/status", "/items", "/items/N-1", "/picture", "/verify", "/events", "/items/N-1/proof"]


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_is_told_without_a_proof(api: Door, target: str) -> None:
    response = api.client.send(api.request("GET", target))

    assert (response.status_code, api.reason(response)) == (403, "no-proof")


def test_a_proved_request_is_answered(api: Door) -> None:
    assert api("GET", "/status").json()["member"] == "north"


def test_a_proof_that_came_before_is_refused(api: Door) -> None:
    request = api.proved(api.request("GET", "/status"))

    first, second = api.client.send(request), api.client.send(request)

    assert first.status_code == 200
    assert (second.status_code, api.reason(second)) == (403, "replayed")


@pytest.mark.parametrize("depth", [300, 1_000, 20_000])
def test_a_body_of_thousands_of_brackets_is_no_body(api: Door, depth: int) -> None:
    deep = b'{"kind":"report","tlp":"GREEN","title":"t","text":"x","form":{"a":' + b"[" * depth + b"]" * depth + b"}}"

    response = api("POST", "/items", deep)

    assert response.status_code == 400


def test_an_unknown_officer_and_a_wrong_key_are_told_alike(api: Door) -> None:
    stranger = SecretKey(bytes(32))

    unknown = api.client.send(api.proved(api.request("GET", "/status"), officer="eve"))
    wrong = api.client.send(api.proved(api.request("GET", "/status"), key=stranger))

    assert unknown.status_code == wrong.status_code == 403
    assert unknown.json() == wrong.json()
    assert api.reason(wrong) == "unknown-officer"


@pytest.mark.parametrize("later_s", [-31, 31, -3600])
def test_a_stale_proof_is_refused(api: Door, later_s: int) -> None:
    response = api.client.send(api.proved(api.request("GET", "/status"), later_s=later_s))

    assert api.reason(response) == "stale-request"


def test_a_proof_is_not_good_for_another_body_or_query(api: Door) -> None:
    other = api.request("POST", "/items", draft(to=["east"], tlp="CLEAR"))
    other.headers.update(api.proved(api.request("POST", "/items", draft())).headers)
    longer = api.request("GET", "/items?limit=500")
    longer.headers.update(api.proved(api.request("GET", "/items?limit=1")).headers)
    other.headers["content-length"] = str(len(other.content))

    assert api.reason(api.client.send(other)) == "bad-signature"
    assert api.reason(api.client.send(longer)) == "bad-signature"


def test_an_item_is_published_listed_and_shown(api: Door) -> None:
    published = api("POST", "/items", draft())
    ref = published.json()["ref"]

    listed = api("GET", "/items?author=north&newest=true&limit=1").json()
    shown = api("GET", f"/items/{ref}").json()

    assert published.status_code == 201
    assert set(published.json()) == {"id", "ref"}
    assert listed["items"][0]["ref"] == ref
    assert shown["body"]["text"] == "Drone parts"
    assert datetime.fromisoformat(shown["at"]).tzinfo == UTC


def test_pages_follow_one_another_without_gap_or_repeat(api: Door) -> None:
    sent = {api("POST", "/items", draft(title=f"page {n}")).json()["ref"] for n in range(5)}
    for newest in ("true", "false"):
        seen: list[str] = []
        after: int | None = 0
        while after is not None:
            page = api("GET", f"/items?text=page&limit=2&newest={newest}&after={after}").json()
            seen += [row["ref"] for row in page["items"]]
            after = page["next"]

        assert len(seen) == len(set(seen)) == 5
        assert set(seen) == sent


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (draft(tlp="PINK"), "PINK"),
        ({"title": "t", "text": "x"}, "tlp"),
        (draft(colour="red"), "colour"),
        (draft(precedence="SOON"), "SOON"),
        (draft(expires="tomorrow"), "expires"),
        (draft(to="east"), "to"),
        (b"{", "truncated"),
        (b"", ""),
        (b"[]", "array"),
        (b'{"text":"\xed\xa0\x80"}', "UTF-8"),
        (b'{"text":"\\ud800"}', "truncated"),
    ],
)
def test_a_draft_of_another_shape_is_refused_and_the_word_named(api: Door, body: object, word: str) -> None:
    response = api("POST", "/items", body)

    assert (response.status_code, api.reason(response)) == (400, "bad-request")
    assert word in response.json()["detail"]


@pytest.mark.parametrize(
    ("method", "target", "status", "reason"),
    [
        ("GET", "/items?limit=0", 400, "bad-query"),
        ("GET", "/picture?at=2026-01-01T00:00:00", 400, "bad-query"),
        ("GET", "/picture/history?track=3c6444&at=2026-01-01T00:00:00", 400, "bad-query"),
        ("GET", "/items?limit=501", 400, "bad-query"),
        ("GET", "/items?limit=many", 400, "bad-request"),
        ("GET", "/items?author=NORTH!", 400, "bad-query"),
        ("GET", "/items/N-ZZZ-ZZZ", 404, "unknown-item"),
        ("GET", "/items/N-ZZZ-ZZZ/proof", 404, "unknown-item"),
        ("GET", "/items/N-ZZZ-ZZZ/receipts", 404, "unknown-item"),
        ("GET", "/items/N-ZZZ-ZZZ/attachments/x", 404, "unknown-item"),
        ("GET", "/no-such-route", 404, "no-such-route"),
        ("DELETE", "/items", 405, "no-such-method"),
        ("GET", "/picture?at=yesterday", 400, "bad-request"),
        ("PUT", "/acts", 400, "bad-shape"),
        ("PUT", "/manifests/officers", 400, "bad-shape"),
    ],
)
def test_each_fault_is_a_problem_with_its_reason(api: Door, method: str, target: str, status: int, reason: str) -> None:
    response = api(method, target)

    assert (response.status_code, api.reason(response)) == (status, reason)


def test_a_body_too_large_is_refused_before_it_is_read_whole(api: Door) -> None:
    response = api("POST", "/items", b"x" * 1_100_000)

    assert (response.status_code, api.reason(response)) == (413, "too-large")


def test_a_part_has_its_limit(api: Door) -> None:
    name = b64(bytes(32))

    assert api("PUT", f"/attachments/{name}/parts/0", bytes(MAX_PART)).status_code == 204
    assert api.reason(api("PUT", f"/attachments/{name}/parts/1", bytes(MAX_PART + 1))) == "too-large"
    assert api.reason(api("PUT", "/attachments/../../x/parts/0", b"x")) == "no-such-route"
    assert api.reason(api("PUT", "/attachments/x/parts/0", b"x")) in {"bad-base64", "bad-length"}


def test_a_file_that_was_not_handed_over_is_not_published(api: Door) -> None:
    file = {"id": b64(bytes(32)), "name": "photo.jpg", "size": 3}

    assert api.reason(api("POST", "/items", draft(attachments=[file]))) == "attachment-missing"


def test_an_assertion_of_another_key_states_nothing(api: Door) -> None:
    ref = api("POST", "/items", draft()).json()["ref"]
    prepared = api("POST", "/facts/prepared", {"kind": "recall", "ref": ref}).json()
    assertion = {"key_id": b64(bytes(32)), "authenticator_data": None, "client_data": None, "sig": b64(bytes(64))}

    response = api("POST", "/facts", {"prepared": prepared, "assertion": assertion})

    assert response.status_code == 403
    assert api("GET", f"/items/{ref}").json()["recalled"] is False


def test_answers_are_kept_by_nobody(api: Door) -> None:
    assert api("GET", "/items").headers["cache-control"] == "no-store"


def test_the_api_describes_itself_from_its_types(api: Door) -> None:
    description = api.client.get("/schema/openapi.json").json()

    assert {"/items", "/facts", "/picture", "/events", "/verify"} <= set(description["paths"])
    assert sorted(description["components"]["schemas"]["Draft"]["required"]) == ["text", "title", "tlp"]
