"""Runs all tests beside this file and says at the end how many passed, as `cargo xtask test` reads it."""

import sys
import unittest
from pathlib import Path

tests = unittest.defaultTestLoader.discover(str(Path(__file__).parent), pattern="*_test.py")
result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(tests)
failed = len(result.failures) + len(result.errors) + len(result.skipped)
if failed:
    print(f"  {failed} failed")
print(f"  {result.testsRun - failed} passed")
sys.exit(1 if failed or result.testsRun == 0 else 0)
