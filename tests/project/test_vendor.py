"""What others wrote lies in the tree as the manifest says."""

from __future__ import annotations

from opieka.project import vendor


def test_committed_files_are_those_of_the_manifest() -> None:
    assert [file.path.name for file in vendor.committed() if not file.as_expected] == []


def test_nothing_else_lies_there() -> None:
    named = {file.path for file in vendor.committed()}
    ours = {vendor.MANIFEST}
    assert {path for path in vendor.MANIFEST.parent.rglob("*") if path.is_file()} == named | ours
