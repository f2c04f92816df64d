"""Compiled copies are forgotten when a source with kernels changes, and only then."""

from __future__ import annotations

from evenwicht.measures.compiled import forget_stale


def test_copies_are_kept_until_a_kernel_changes(tmp_path):
    kernel, plain = tmp_path / "kernel.py", tmp_path / "plain.py"
    kernel.write_text("from evenwicht.measures.compiled import compiled")
    plain.write_text("x = 1")
    assert forget_stale(tmp_path)
    copy = tmp_path / "__pycache__" / "kernel.f-1.py311.nbi"
    copy.write_text("")
    assert not forget_stale(tmp_path)
    plain.write_text("x = 2")
    assert not forget_stale(tmp_path)
    assert copy.exists()
    kernel.write_text("from evenwicht.measures.compiled import compiled, straight")
    assert forget_stale(tmp_path)
    assert not copy.exists()


def test_a_folder_that_cannot_be_written_is_left_alone(tmp_path):
    (tmp_path / "__pycache__").write_text("a file where the folder should be")
    assert not forget_stale(tmp_path)
