"""The other commands of the program, beside the running bot and without it."""

import json
import sqlite3
from pathlib import Path

from tests.e2e.stage import ROOT, Stage, staged


async def test_the_export_in_json_keeps_numbers_as_numbers_and_nothing_as_null(stage: Stage) -> None:
    ada = await stage.person(101, "Ada", last_name="Lovelace")
    await ada.register()
    code, output, errors = await stage.agora("export", "--format", "json")
    assert (code, errors) == (0, "")
    [row] = json.loads(output)
    assert row | {"registered_at": None} == {
        "registration": 1,
        "user_id": 101,
        "name": "Ada Lovelace",
        "session": "smart-specialisation",
        "status": "confirmed",
        "position": None,
        "registered_at": None,
        "checked_in_at": None,
    }
    assert list(row) == [
        "registration",
        "user_id",
        "name",
        "session",
        "status",
        "position",
        "registered_at",
        "checked_in_at",
    ]


async def test_the_export_works_when_the_bot_does_not_run(stage: Stage) -> None:
    ada = await stage.person(101)
    await ada.register()
    running = await stage.export()
    await stage.bot.stop()
    assert await stage.export() == running


async def test_an_export_before_the_first_run_says_so(tmp_path: Path) -> None:
    async with staged(tmp_path, start=False) as stage:
        code, output, errors = await stage.agora("export")
    assert (code, output) == (2, "")
    assert errors.startswith("agora: there is no database at ")


async def test_a_backup_of_the_live_database_is_whole(stage: Stage, tmp_path: Path) -> None:
    ada = await stage.person(101)
    await ada.register()
    target = tmp_path / "copy.db"
    assert await stage.agora("backup", str(target)) == (0, "", "")
    connection = sqlite3.connect(target)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("SELECT person, status FROM registrations").fetchall() == [(101, "confirmed")]
    connection.close()
    assert sorted(each.name for each in tmp_path.glob("*copy.db*")) == ["copy.db"]


async def test_a_backup_onto_itself_or_into_nowhere_is_refused(stage: Stage, tmp_path: Path) -> None:
    ada = await stage.person(101)
    await ada.register()
    own = [stage.database_path.with_name(stage.database_path.name + end) for end in ("", "-wal", "-shm", ".lock")]
    for target in (*own, tmp_path / "no" / "such" / "folder.db"):
        code, output, errors = await stage.agora("backup", str(target))
        assert (code, output) == (2, "")
        assert len(errors.splitlines()) == 1
    assert stage.rows("PRAGMA integrity_check") == [("ok",)]
    assert len(await stage.export()) == 1


async def test_somebody_elses_database_is_neither_read_nor_taken_over(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.db"
    connection = sqlite3.connect(foreign)
    connection.execute("CREATE TABLE theirs (a)")
    connection.commit()
    connection.close()
    before = foreign.read_bytes()
    async with staged(tmp_path, start=False, DATABASE_PATH=str(foreign)) as stage:
        for command in (["export"], ["backup", str(tmp_path / "copy.db")], ["run"]):
            code, output, errors = await stage.agora(*command)
            assert (code, output) == (2, "")
            assert f"{foreign} is not a database of Agora" in errors.splitlines()[-1]
    assert foreign.read_bytes() == before
    assert not (tmp_path / "copy.db").exists()


async def test_a_programme_is_imported_as_a_knowledge_file_that_check_finds_sound(tmp_path: Path) -> None:
    async with staged(tmp_path, start=False) as stage:
        source = ROOT / "tests" / "interchange" / "samples" / "pretalx.xml"
        code, output, _ = await stage.agora("import", str(source))
        assert code == 0
        path = tmp_path / "imported.yaml"
        path.write_text(output, "utf-8")
        assert (await stage.agora("check", str(path)))[0] == 0
        code, output, errors = await stage.agora("import", str(ROOT / "README.md"))
        assert (code, output) == (2, "")
        assert len(errors.splitlines()) == 1


async def test_ask_answers_on_the_terminal(tmp_path: Path) -> None:
    async with staged(tmp_path, start=False) as stage:
        code, output, errors = await stage.agora("ask", "--now", "2019-10-09T16:05", "--json", "which room?")
        assert (code, errors) == (0, "")
        answer = json.loads(output)
        assert sorted(answer) == ["answered", "language", "question", "sources", "text", "topics"]
        assert answer["answered"] is True
        assert answer["sources"] == ["sessions.smart-specialisation.room", "venue.name"]
        code, output, _ = await stage.agora("ask", "which room?")
        assert code == 0
        assert "313+315" in output
        lines = "which room?\nis there parking?\n"
        code, output, _ = await stage.agora("ask", "--batch", "-", stdin=lines)
        assert [json.loads(line)["answered"] for line in output.splitlines()] == [True, False]


async def test_a_clock_that_nobody_has_is_refused_in_words(tmp_path: Path) -> None:
    async with staged(tmp_path, start=False) as stage:
        for now in ("0001-01-01T00:00+14:00", "9999-12-31T23:59:59-12:00", "soon"):
            code, output, errors = await stage.agora("ask", "--now", now, "when?")
            assert (code, output) == (2, "")
            assert errors.startswith(f"agora: --now {now} is no moment")


async def test_ask_in_a_conversation_sees_what_was_asked_before(tmp_path: Path) -> None:
    async with staged(tmp_path, start=False) as stage:
        lines = "who is Wieslaw Urban?\nwhen does he speak?\n"
        code, output, _ = await stage.agora("ask", "--batch", "-", "--conversation", stdin=lines)
        assert code == 0
        assert "16:30" in json.loads(output.splitlines()[1])["text"]
