# What the figures were measured on.
set -u
echo "command   make bench${ROBSON_BENCH_SCALE:+ ROBSON_BENCH_SCALE=$ROBSON_BENCH_SCALE}"
echo "machine   $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(getconf _NPROCESSORS_ONLN) cores," \
	"$(awk '/^MemTotal/ { printf "%d MB", $2 / 1024 }' /proc/meminfo)"
echo "system    $(uname -sr), $(. /etc/os-release 2>/dev/null && echo "$PRETTY_NAME"), load $(cut -d ' ' -f 1 /proc/loadavg)"
echo "disk      $(df -T . | awk 'NR == 2 { print $2 " on " $1 }')"
echo "versions  $("$ROBSON" --version | head -n 1); $(pkg-config --modversion ncursesw sqlite3 jansson libcrypto libcurl 2>/dev/null |
	paste -s -d ' ' | awk '{ print "ncurses " $1 ", SQLite " $2 ", jansson " $3 ", OpenSSL " $4 ", libcurl " $5 }'); $(${CC:-cc} --version | head -n 1)"
