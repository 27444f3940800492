"""The wheel: whoever installs it, from whichever folder they call it, has the whole product."""

import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.e2e.stage import ROOT, environment_for


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    [built] = folder.glob("*.whl")
    return built


def test_it_carries_migrations_locales_lexicons_the_page_and_the_sample(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    beside = {f"bot/migrations/{each.name}" for each in (ROOT / "migrations").glob("*.sql")}
    inside = {
        str(each.relative_to(ROOT))
        for pattern in ("i18n/locales/**/*.toml", "answering/lexicons/**/*.toml", "sandbox/page/*", "**/*.py")
        for each in (ROOT / "bot").glob(pattern)
    }
    assert (beside | inside | {"bot/sample/knowledge.yaml"}) - names == set()
    assert not any("tests/" in name or ".env" in name for name in names)


def test_an_installed_agora_works_from_any_folder(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "venv"
    venv.create(home, with_pip=False)
    site = next(home.glob("lib/python*/site-packages"))
    zipfile.ZipFile(wheel).extractall(site)
    # The dependencies are the ones of this environment; installing them anew would need a network.
    (site / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + "\n", "utf-8")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    environment = environment_for("http://127.0.0.1:9", elsewhere)
    environment.pop("PYTHONPATH")
    script = "import bot, sys; from bot.cli.main import run; print(bot.__file__, file=sys.stderr); run()"
    command = [str(home / "bin" / "python"), "-c", script]
    environment["KNOWLEDGE_FILE"] = str(site / "bot" / "sample" / "knowledge.yaml")
    answer = subprocess.run(
        [*command, "ask", "which room?"], env=environment, cwd=elsewhere, capture_output=True, text=True, check=True
    )
    assert "313+315" in answer.stdout
    assert str(site) in answer.stderr
    running = subprocess.Popen(
        [*command, "demo", "--no-browser", "--port", "0"],
        env=environment,
        cwd=elsewhere,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert running.stdout is not None
        assert running.stdout.readline().startswith("Agora is ready to try at http://127.0.0.1:")
    finally:
        running.terminate()
        running.communicate(timeout=12)
    assert running.returncode == 0
