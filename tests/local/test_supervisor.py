"""What ./run says when it cannot: one sentence each. The whole of it is started in test_run.py (nightly)."""

import socket

import pytest

from fiprev.local import probe, supervisor, system
from fiprev.local.places import LocalError


def supervise(*words: str) -> supervisor.Supervisor:
    return supervisor.Supervisor(supervisor.options(words))


def test_a_busy_port_is_named_with_the_way_out():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(LocalError, match=f"Port {port} is used by another program: .* --port {port + 1}"):
            supervise("--port", str(port)).free_port()


def test_a_free_port_is_fine():
    supervise("--port", "0").free_port()


@pytest.mark.parametrize("port", ["70000", "-1"])
def test_what_is_no_port_is_said(port):
    with pytest.raises(LocalError, match="is no port"):
        supervise(f"--port={port}").free_port()


def test_a_second_run_in_the_same_folder_names_the_first(tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor, "VAR", tmp_path / "var")
    first = supervise("--port", "8118")
    first.alone()
    with pytest.raises(LocalError, match=r"already runs from this folder: http://localhost:8118\.$"):
        supervise("--port", "8119").alone()


def test_missing_pango_names_the_line_to_run(monkeypatch):
    monkeypatch.setattr(system, "PANGO", {"libnowhere.so.0": "libpango-1.0-0"})
    assert system.missing_libraries() == ["libpango-1.0-0"]
    assert system.APT_LINE.startswith("apt-get install --no-install-recommends libpango-1.0-0")


def test_missing_pango_is_a_hint_and_no_failure(monkeypatch):
    from fiprev import checks

    monkeypatch.setattr(system, "missing_libraries", lambda: ["libpango-1.0-0"])
    (message,) = checks.pdf_libraries()
    assert not message.is_serious()
    assert "apt-get install" in str(message.hint)


def test_the_probe_says_nobody_answers():
    assert probe.status("http://127.0.0.1:9/healthz", timeout=1) == 0


def test_no_demo_in_production(settings):
    from fiprev import checks

    settings.PRODUCTION = settings.DEMO = True
    (message,) = checks.no_demo_in_production()
    assert message.is_serious()
