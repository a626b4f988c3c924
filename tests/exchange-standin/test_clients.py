# Two public clients from npm trade on the stand-in, unchanged.  Their packages go into the build
# tree; without ROBSON_TEST_NPM=1 they are not fetched, and the test is left out if they are not
# there already.
import json
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests"))
sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "exchange-standin"))
import tap
from standin import KEY, SECRET, Standin

PACKAGES = ["ccxt", "@binance/spot"]
here = os.path.join(os.environ["top_srcdir"], "tests", "exchange-standin")
folder = os.path.join(os.environ["top_builddir"], "tests", "exchange-standin", "npm")


def there():
    return all(os.path.exists(os.path.join(folder, "node_modules", name, "package.json"))
               for name in PACKAGES)


if not shutil.which("node"):
    tap.skip_all("there is no node")
if not there():
    if os.environ.get("ROBSON_TEST_NPM") != "1":
        tap.skip_all("the packages of npm are not there; ROBSON_TEST_NPM=1 fetches them")
    if not shutil.which("npm"):
        tap.skip_all("there is no npm")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "package.json"), "w") as file:
        file.write('{"private": true}\n')
    try:
        subprocess.run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"] + PACKAGES,
                       cwd=folder, timeout=60, check=True, capture_output=True)
    except (OSError, subprocess.SubprocessError):
        pass
    if not there():
        tap.skip_all("npm could not be reached")

with Standin() as x:
    run = subprocess.run(["node", os.path.join(here, "clients.mjs"), folder, str(x.ports["http"]),
                          str(x.ports["control"]), KEY, SECRET], capture_output=True, text=True,
                         timeout=60)
    for line in run.stdout.splitlines():
        name, got, wanted = json.loads(line)
        tap.equal(got, wanted, name)
    tap.equal(run.returncode, 0, "node ended well")
    if run.returncode:
        tap.note(run.stderr)
    by_the_books = [order for order in x.ledger()["orders"] if order["status"] == "FILLED"]
    tap.ok(len(by_the_books) >= 6, "and the ledger has their fills")
tap.finish()
