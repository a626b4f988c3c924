"""The judge of coverage sees a missed line, a missed branch, and what is excused."""
import os
import shutil
import subprocess
import sys
import tempfile

TOP = os.environ["top_srcdir"]
sys.path.insert(0, os.path.join(TOP, "tests"))
import tap

CODE = """#include <assert.h>
int size(int n);
int
size(int n)
{
	assert(n >= 0 &&
	       n < 1000);
	if (n > 10)
		return 2;
	if (n == 3 || n == 4)
		return 3;
	return 1;
}
"""


def judged(calls, exceptions=""):
    """(exit status, what was printed) for a core of one file and a test that makes calls."""
    with tempfile.TemporaryDirectory() as top:
        os.makedirs(os.path.join(top, "src/core"))
        house = os.path.join(top, "house")
        os.makedirs(house)
        shutil.copy(os.path.join(TOP, "tests/house/coverage.py"), house)
        with open(os.path.join(house, "coverage-exceptions"), "w", encoding="utf-8") as file:
            file.write("# none\n" + exceptions)
        with open(os.path.join(top, "src/core/size.c"), "w", encoding="utf-8") as file:
            file.write(CODE)
        with open(os.path.join(top, "test.c"), "w", encoding="utf-8") as file:
            file.write("int size(int n);\nint main(void) { return %s ? 0 : 1; }\n" % calls)
        for command in (["gcc", "--coverage", "-O0", "-c", "src/core/size.c", "-o",
                         "src/core/size.o"],
                        ["gcc", "--coverage", "test.c", "src/core/size.o", "-o", "test"],
                        ["./test"]):
            subprocess.run(command, cwd=top, check=True)
        answer = subprocess.run([sys.executable, os.path.join(house, "coverage.py"), top, top],
                                capture_output=True, text=True)
        return answer.returncode, answer.stdout + answer.stderr


if not shutil.which("gcov") or not shutil.which("gcc"):
    tap.skip_all("there is no gcc with its gcov")

status, said = judged("size(1) && size(11) && size(3) && size(4)")
tap.ok(status == 0, "is content when all is reached, whatever an assertion leaves", said)

status, said = judged("size(1) && size(3) && size(4)")
tap.ok(status == 1 and "src/core/size.c:9: not reached: return 2;" in said,
       "names a line that was not reached", said)

status, said = judged("size(1) && size(11) && size(3)")
tap.ok(status == 1 and "src/core/size.c:10: 1 of 4 branches not taken" in said,
       "names a branch that was not taken", said)

excuse = "src/core/size.c | n == 4 | for the test\n"
status, said = judged("size(1) && size(11) && size(3)", excuse)
tap.ok(status == 0 and "for the test" in said, "lets pass what is excused, and prints why", said)

status, said = judged("size(1) && size(11) && size(3) && size(4)", excuse)
tap.ok(status == 1 and "not needed" in said, "refuses an excuse that nothing needs", said)

status, said = judged("size(1)", "src/core/size.c | n == 4\n")
tap.ok(status != 0 and "wanted FILE" in said, "refuses an excuse without a reason", said)

tap.finish()
