"""For the checks' own tests: a project that exists only in a temporary folder."""
import contextlib
import pathlib
import tempfile


@contextlib.contextmanager
def sample_tree(contents):
    """The root of a tree with the given {path: text}."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder).resolve()
        for path, text in contents.items():
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        yield root
