import re

from tests.architecture.source_files import PACKAGES, place, project_files, python_files

LONGEST = 400
SAYS_NOTHING = {"utils", "util", "helpers", "helper", "manager", "managers"}
SAYS_NOTHING_ALONE = {"base", "core", "common", "misc"}
# Folders that belong to one machine; the part before keeps URLs and relative paths out.
MACHINE_PATH = re.compile(r"(?<![\w.<~}-])/(?:work|tmp|root|home/\w+|Users/\w+)(?![\w-])")


def test_no_file_is_longer_than_400_lines():
    too_long = {
        place(path): lines
        for path in python_files(*PACKAGES)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert too_long == {}


def test_every_file_is_named_after_what_it_holds():
    vague = [
        place(path)
        for path in python_files(*PACKAGES, "tests")
        if path.stem in SAYS_NOTHING_ALONE or SAYS_NOTHING & set(path.stem.split("_"))
    ]
    assert vague == []


def test_no_text_names_a_folder_of_one_machine():
    naming = []
    for path in project_files():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        naming += [place(path, number) for number, line in enumerate(lines, 1) if MACHINE_PATH.search(line)]
    assert naming == []
