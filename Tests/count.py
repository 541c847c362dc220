"""Prints "passed failed skipped" of an xUnit file of `swift test`; exits 1 when it holds no test."""
import sys
import xml.etree.ElementTree as tree

try:
    cases = tree.parse(sys.argv[1]).getroot().iter("testcase")
except (OSError, tree.ParseError) as error:
    sys.exit(f"{sys.argv[1]}: {error}")
failed = skipped = passed = 0
for case in cases:
    if case.find("failure") is not None or case.find("error") is not None:
        failed += 1
    elif case.find("skipped") is not None:
        skipped += 1
    else:
        passed += 1
print(passed, failed, skipped)
sys.exit(0 if passed + failed > 0 else 1)
