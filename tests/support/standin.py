"""A project whose suite needs neither packages nor a server: shell scripts, judged by Python.

`npm` and `node` are stand-ins, too, so that what `check` does with their answers can be tested.
"""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NPM = """\
#!/bin/sh
if [ "$1" = ci ] || [ "$1" = install ]; then
    echo "installing" && mkdir -p node_modules
    exec cp package-lock.json node_modules/.package-lock.json
fi
shift 4
exec {python} -I acceptance/run.py "$@"
"""
NODE = "#!/bin/sh\necho v24.15.0\n"

# A feature is judged by its script: `says` passes when the script succeeds. What the script
# prints is printed, and a file `behave` in node_modules, which git ignores, changes the suite.
RUN = """\
import json, os, subprocess, sys, time
from pathlib import Path

arguments = sys.argv[1:]
report = Path(arguments[arguments.index('--report') + 1])
features = [arguments[at + 1] for at, word in enumerate(arguments) if word == '--feature']
behave = Path('node_modules/behave')
how = behave.read_text() if behave.exists() else ''
if how.startswith('hang'):
    child = subprocess.Popen(['sleep', '600'])
    Path(how.split()[1]).write_text(f'{os.getpid()} {child.pid}')
    time.sleep(600)
if how == 'crash':
    sys.exit('no way')
with report.open('w') as lines:
    for feature in features:
        done = subprocess.run(['sh', f'src/{feature}/{feature}.sh'], capture_output=True, text=True)
        print(done.stdout + done.stderr, flush=True)
        passed = done.returncode == 0
        if how == 'flaky':
            passed, _ = False, behave.write_text('')
        name = how.split()[1] if how.startswith('rename') else 'says'
        leaf = {
            'evidence': f'{feature}.{name}',
            'name': f'{feature}.{name}: it says so',
            'outcome': 'passed' if passed else 'failed',
            'ms': 12.5,
            'message': '' if passed else f'it ended with {done.returncode}',
        }
        print(json.dumps(leaf), file=lines, flush=True)
"""
FILES = {
    "files/package.json": """\
{"name": "greeter", "scripts": {"acceptance": "python acceptance/run.py"}}
""",
    "files/package-lock.json": """\
{"lockfileVersion": 3, "packages": {"": {}, "node_modules/a": {"version": "1.0.0"}}}
""",
    "files/acceptance/run.py": RUN,
    "files/acceptance/hello.test.sh": None,
}


def put_tools_on_path(folder: Path, npm: str = NPM, node: str = NODE) -> Mapping[str, str]:
    """Make the stand-ins, and return the variables by which they are found, and nothing else."""
    folder.mkdir(exist_ok=True)
    for name in ("cp", "git", "mkdir", "sh", "sleep", "uname"):
        found = shutil.which(name, path=os.defpath)
        assert found, f"{name} is needed"
        (folder / name).symlink_to(found)
    for name, text in (("npm", npm.format(python=sys.executable)), ("node", node)):
        if text:
            (folder / name).write_text(text)
            (folder / name).chmod(0o755)
    return {"PATH": str(folder)}
