"""What is kept: whole, for what it was made from only, by this user only, and not without limit."""

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from kreisheft.core import cache, project
from kreisheft.core.cache import Key

KIND = cache.Kind("test", ("core.cache",))
KEY = KIND.key({"text": "1"})
CONTENT = b"zwei\nZeilen"


@pytest.fixture(autouse=True)
def _forget() -> None:
    cache._warn.cache_clear()


def entry(root: Path) -> Path:
    """The entry of `KEY`, written now."""
    cache.put(root, KEY, CONTENT)
    return cache.folder(root) / KEY


def flip_a_byte(content: bytes) -> bytes:
    return content[:-1] + bytes([content[-1] ^ 1])


def cut_in_half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def leave_nothing(_: bytes) -> bytes:
    return b""


def test_an_entry_comes_back_as_it_was(tmp_path: Path) -> None:
    entry(tmp_path)

    assert cache.find(tmp_path, KEY) == CONTENT


def test_what_is_kept_is_not_made_again(tmp_path: Path) -> None:
    first = cache.kept(tmp_path, KEY, lambda: b"first")
    second = cache.kept(tmp_path, KEY, lambda: b"second")

    assert first == second == b"first"


def test_each_call_returns_an_object_of_its_own(tmp_path: Path) -> None:
    cache.kept_object(tmp_path, KEY, lambda: [1])
    cache.kept_object(tmp_path, KEY, lambda: [2]).append(3)

    assert cache.kept_object(tmp_path, KEY, lambda: [2]) == [1]


def test_what_cannot_be_made_is_not_kept(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            cache.kept_object(tmp_path, KEY, lambda: 1 // 0)


# --- keys ---------------------------------------------------------------------------------------


def test_the_order_of_parts_does_not_matter_and_every_part_does() -> None:
    parts = {"a": "1", "b": "2"}

    assert KIND.key(parts) == KIND.key({"b": "2", "a": "1"})
    assert len({KIND.key(p) for p in (parts, {"a": "1", "b": "3"}, {"a": "1"}, {})}) == 4


def test_code_that_an_entry_names_counts_beside_that_of_its_kind() -> None:
    other = cache.Kind("test", ("core.hashes",))

    assert len({k.key({"code": c}) for k in (KIND, other) for c in ("1", "2")}) == 4


def test_a_kind_without_code_is_refused() -> None:
    with pytest.raises(ValueError, match="names no code"):
        cache.Kind("test", ())


# --- damage -------------------------------------------------------------------------------------


@pytest.mark.parametrize("damage", [flip_a_byte, cut_in_half, leave_nothing])
def test_a_damaged_entry_is_made_anew_with_one_line(tmp_path: Path, damage, capsys) -> None:
    path = entry(tmp_path)
    path.write_bytes(damage(path.read_bytes()))

    made = [cache.kept(tmp_path, KEY, lambda: b"anew") for _ in range(2)]

    assert made == [b"anew", b"anew"]
    assert capsys.readouterr().err == f"kreisheft: {path}: damaged; what was kept is made anew\n"
    assert cache.find(tmp_path, KEY) == b"anew"


def test_in_a_chapter_a_damaged_entry_is_made_anew_silently(
    tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry(tmp_path).write_bytes(b"damaged")
    monkeypatch.setenv(project.BOOK_VARIABLE, "1")

    assert cache.kept(tmp_path, KEY, lambda: b"anew") == b"anew"
    assert capsys.readouterr().err == ""


# --- other users --------------------------------------------------------------------------------


@pytest.mark.skipif(os.name != "posix", reason="there are no owners")
@pytest.mark.parametrize("writable", ["file", "folder"])
@pytest.mark.parametrize("mode", [0o020, 0o002])
def test_what_others_could_have_written_is_not_read(
    tmp_path: Path, writable: str, mode: int, capsys
) -> None:
    path = entry(tmp_path)
    target = path if writable == "file" else path.parent
    target.chmod(target.stat().st_mode | mode)

    assert cache.find(tmp_path, KEY) is None
    assert "others may write there" in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="there are no owners")
def test_what_another_user_has_written_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry(tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: 4711)

    assert cache.find(tmp_path, KEY) is None


@pytest.mark.skipif(os.name != "posix", reason="there are no owners")
def test_a_user_who_lets_others_write_keeps_entries_of_his_own(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        entry(tmp_path)
    finally:
        os.umask(before)

    assert cache.find(tmp_path, KEY) == CONTENT


# --- where and when -----------------------------------------------------------------------------


def test_for_an_audit_nothing_is_read_and_nothing_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry(tmp_path)
    monkeypatch.setenv(project.ANEW_VARIABLE, "1")

    assert cache.kept(tmp_path, KEY, lambda: b"anew") == b"anew"
    monkeypatch.delenv(project.ANEW_VARIABLE)
    assert cache.find(tmp_path, KEY) == CONTENT


def test_an_empty_build_has_what_is_kept_for_itself(tmp_path: Path) -> None:
    entry(tmp_path)
    with project.empty_build(tmp_path):
        assert cache.kept(tmp_path, KEY, lambda: b"other") == b"other"

    assert cache.find(tmp_path, KEY) == CONTENT


def test_where_nothing_can_be_written_it_is_only_slower(tmp_path: Path) -> None:
    (tmp_path / "build").write_text("a file in the place of the folder")

    assert cache.kept(tmp_path, KEY, lambda: b"made") == b"made"


def test_two_processes_at_once_leave_one_whole_entry(tmp_path: Path) -> None:
    content = [bytes([n]) * 1_000_000 for n in range(2)]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        done = [pool.submit(keep_often, tmp_path, KEY, one) for one in content]
        found = {one for other in done for one in other.result()}

    assert found <= set(content)
    assert cache.find(tmp_path, KEY) in content
    assert list((cache.folder(tmp_path) / KEY).parent.iterdir()) == [cache.folder(tmp_path) / KEY]


def keep_often(root: Path, key: Key, content: bytes) -> list[bytes]:
    """Put and find an entry many times."""
    found = []
    for _ in range(50):
        cache.put(root, key, content)
        found.append(cache.find(root, key) or b"damaged")
    return found


# --- the limit ----------------------------------------------------------------------------------


def test_beyond_the_limit_what_was_used_longest_ago_goes_of_all_kinds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [cache.Kind(f"test{n}", ("core.cache",)).key({}) for n in range(3)]
    for age, key in enumerate(keys):
        cache.put(tmp_path, key, b"x" * 100)
        os.utime(cache.folder(tmp_path) / key, ns=(age, age))
    cache.find(tmp_path, keys[0])
    monkeypatch.setattr(cache, "LIMIT", 400)  # two entries of 165 bytes

    cache.prune(tmp_path)

    assert [cache.find(tmp_path, key) is not None for key in keys] == [True, False, True]


def test_all_is_looked_through_again_when_enough_came_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "LIMIT", 100_000)
    monkeypatch.setattr(cache, "SLACK", 0.1)
    looked: list[Path] = []
    monkeypatch.setattr(cache, "_prune", looked.append)
    seen = []

    for number in range(5):
        cache.put(tmp_path, KIND.key({"n": str(number)}), b"x" * 4000)
        cache.prune(tmp_path)
        seen.append(len(looked))

    # Each entry counts as four units, and ten are enough.
    assert seen == [0, 0, 1, 1, 1]
