# A torture: every test program under valgrind, memory errors and leaks fail.
if ! command -v valgrind >/dev/null 2>&1; then
	echo "there is no valgrind; ./bootstrap --install valgrind brings it"
	exit 1
fi
cd "$top_builddir" || exit 1
unset MAKELEVEL MAKEFLAGS
exec make -j"$(nproc 2>/dev/null || echo 1)" -s check-valgrind
