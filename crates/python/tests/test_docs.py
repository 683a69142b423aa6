"""The examples of docstrings and of docs/PYTHON.md, and the notebook, do what they show.

With AVSTEM_BLESS=1 the outputs of the notebook are written anew.
"""

import doctest
import importlib
import os
import pkgutil
import re
import unittest

import nbclient
import nbformat

from support import ROOT, avstem

PAGE = ROOT / "docs" / "PYTHON.md"

NOTEBOOK = ROOT / "docs" / "notebook.ipynb"

# Another name of the module is a main program.
MODULES = ["avstem", *(f"avstem.{name}" for _, name, _ in pkgutil.iter_modules(avstem.__path__) if name[:2] != "__")]


class Examples(unittest.TestCase):
    def setUp(self):
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(ROOT)

    def test_docstrings(self):
        tried = 0
        for name in MODULES:
            results = doctest.testmod(importlib.import_module(name))
            self.assertEqual(results.failed, 0, name)
            tried += results.attempted
        self.assertGreater(tried, 30)

    def test_the_page(self):
        page = PAGE.read_text(encoding="utf-8")
        blocks = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
        self.assertGreater(len(blocks), 4)
        names = {}
        for number, block in enumerate(blocks):
            test = doctest.DocTestParser().get_doctest(block, names, f"{PAGE.name}, block {number}", str(PAGE), 0)
            self.assertGreater(len(test.examples), 0)
            runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
            self.assertEqual(runner.run(test, clear_globs=False).failed, 0)
            names = test.globs


class Notebook(unittest.TestCase):
    def test_it_shows_what_it_finds(self):
        committed = nbformat.read(NOTEBOOK, as_version=4)
        made = nbformat.read(NOTEBOOK, as_version=4)
        where = {"metadata": {"path": NOTEBOOK.parent}}
        # The kernel warns that other users of this machine could listen.
        quiet = ["--IPKernelApp.log_level=40"]
        # Else what one cell prints comes in as many outputs as the machine was busy.
        options = {"timeout": 120, "resources": where, "extra_arguments": quiet, "coalesce_streams": True}
        nbclient.NotebookClient(made, **options).execute()
        for cell in made.cells:
            # When a cell ran is not what it found.
            cell.metadata.pop("execution", None)
        made.metadata.pop("language_info", None)
        committed.metadata.pop("language_info", None)
        if os.environ.get("AVSTEM_BLESS"):
            nbformat.write(made, NOTEBOOK)
            return
        self.assertEqual(len([cell for cell in committed.cells if cell.source.startswith("## ")]), 5)
        for before, now in zip(committed.cells, made.cells):
            self.assertEqual(before.get("outputs"), now.get("outputs"), before.source)


if __name__ == "__main__":
    unittest.main()
