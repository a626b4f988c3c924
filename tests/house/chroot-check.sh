#!/bin/sh
# Do the README's commands work where nothing is installed?
#
#   sudo sh tests/house/chroot-check.sh [FOLDER [STEP...]]      STEPs: build check run user
#
# Not part of `make check': it needs root, a network, debootstrap, some 3 GB below FOLDER (a
# new one by mktemp) and about ten minutes.  It makes a minimal Debian 12 with git and
# ca-certificates and nothing else, from the mirror that this machine's apt uses, and for each
# step takes a fresh copy of it, clones what is committed here, and gives one command:
#
#   run     ./bootstrap --run in a pseudo-terminal; looks at the screen, ends it with SIGTERM
#   check   ./bootstrap --check
#   build   ./bootstrap --build, a second time too: it must find all that it needs
#   user    ./bootstrap --build as nobody in particular: without sudo it must say what to do,
#           with sudo it must do it
#
# Mounts live in a mount namespace of this process and go with it, however it ends.
set -u

die() {
	printf 'chroot-check: %s\n' "$*" >&2
	exit 1
}

if test -z "${CHROOT_CHECK_INSIDE-}"; then
	test "$(id -u)" -eq 0 || die "needs root"
	for tool in debootstrap unshare git chroot; do
		command -v "$tool" >/dev/null 2>&1 || die "needs $tool"
	done
	exec env CHROOT_CHECK_INSIDE=yes unshare --mount --propagation private --pid --fork \
		--mount-proc --kill-child sh "$0" "$@"
fi

top=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P) || exit 1
folder=${1-}
test $# -eq 0 || shift
steps=${*:-run check build user}
if test -z "$folder"; then
	folder=$(mktemp -d) || exit 1
	trap 'rm -rf --one-file-system "$folder"' EXIT
fi
mkdir -p "$folder" && folder=$(cd "$folder" && pwd -P) || exit 1

mirror=$(apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' 'Identifier: Packages' |
	sed -n 's/^bookworm main //p' | head -n 1)
test -n "$mirror" || die "this machine's apt knows no mirror of Debian 12 (bookworm main)"

base=$folder/base
if test ! -f "$base/.complete"; then
	echo "=== debootstrap from $mirror"
	rm -rf --one-file-system "$base"
	debootstrap --variant=minbase --include=git,ca-certificates bookworm "$base" "$mirror" \
		>"$folder/debootstrap.log" 2>&1 || die "debootstrap failed: see $folder/debootstrap.log"
	# apt in there finds its mirror as apt does here, and stays minimal.
	rm -f "$base/etc/apt/sources.list"
	for part in sources.list sources.list.d trusted.gpg.d keyrings; do
		test ! -e "/etc/apt/$part" || cp -a "/etc/apt/$part" "$base/etc/apt/"
	done
	apt-config dump | grep -E '^Acquire::(http|https|Check-)' >"$base/etc/apt/apt.conf.d/00host"
	rm -rf "$base"/var/lib/apt/lists/*    # as an image is shipped: without lists
	touch "$base/.complete"
fi

# enter STEP: a fresh copy of the base in $root, with the tree cloned into it.
enter() {
	root=$folder/$1
	rm -rf --one-file-system "$root"
	cp -a "$base" "$root" || die "no room for $root"
	mount -t proc proc "$root/proc" &&
		mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$root/dev/pts" ||
		die "cannot mount below $root"
	rm -f "$root/dev/ptmx"
	ln -s pts/ptmx "$root/dev/ptmx"
	for file in /etc/resolv.conf /etc/hosts; do
		test ! -f "$file" || cp -L "$file" "$root/etc/"
	done
	git -c safe.directory='*' clone -q --bare "$top" "$root/srv/robson.git" || die "cannot clone $top"
	inside "cd /srv && git -c safe.directory='*' clone -q robson.git robson" || die "cannot clone inside"
}

leave() {
	umount "$root/dev/pts" "$root/proc"
	rm -rf --one-file-system "$root"
}

inside() { # COMMAND-LINE
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM=xterm-256color LANG=C.UTF-8 HOME=/srv \
		${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
		chroot "$root" sh -c "$1"
}

# The pid of robson in the chroot, as seen here.
robson_pid() {
	for process in /proc/[0-9]*; do
		case $(readlink "$process/exe" 2>/dev/null) in
		*/srv/robson/build/src/robson) echo "${process#/proc/}" ;;
		esac
	done | head -n 1
}

step_run() {
	# script (bsdutils) is in every Debian: it gives the command a pseudo-terminal.
	inside "cd /srv/robson && stty_size='stty rows 24 cols 80' &&
		script -q -e -f -c \"\$stty_size; exec ./bootstrap --run\" /srv/typescript" \
		</dev/null >/dev/null 2>&1 &
	waiting=0
	while test -z "$(robson_pid)" && kill -0 $! 2>/dev/null && test $waiting -lt 900; do
		sleep 1
		waiting=$((waiting + 1))
	done
	pid=$(robson_pid)
	grep -a 'bootstrap:' "$root/srv/typescript"
	if test -z "$pid"; then
		tail -n 30 "$root/srv/typescript"
		return 1
	fi
	echo "the program runs after $waiting s"
	sleep 4
	before=$(wc -c <"$root/srv/typescript")
	sleep 4
	after=$(wc -c <"$root/srv/typescript")
	echo "the terminal got $before bytes in the first seconds, and $((after - before)) in 4 s more"
	for word in BTC replay scratch; do
		if grep -aqi "$word" "$root/srv/typescript"; then
			echo "the screen says $word"
		else
			echo "the screen does not say $word"
		fi
	done
	kill -TERM "$pid"
	wait $!
	ended=$?
	echo "after SIGTERM it ended with $ended; the last it said:"
	tail -c 300 "$root/srv/typescript" | tr -d '\033' | tail -n 3
	test "$after" -gt "$before" && test -z "$(robson_pid)"
}

step_check() {
	inside "cd /srv/robson && ./bootstrap --check </dev/null" >"$folder/check.log" 2>&1
	checked=$?
	grep -E '^(bootstrap:|    |FAIL|ERROR|SKIP)' "$folder/check.log" | head -n 60
	test $checked -eq 0 || tail -n 30 "$folder/check.log"
	tail -n 1 "$folder/check.log"
	return $checked
}

step_build() {
	inside "cd /srv/robson && ./bootstrap --build </dev/null" >"$folder/build.log" 2>&1 || {
		tail -n 40 "$folder/build.log"
		return 1
	}
	grep -E '^(bootstrap:|    )' "$folder/build.log"
	again=$(inside "cd /srv/robson && ./bootstrap --build </dev/null" 2>&1) || return 1
	case $again in
	*installing*) echo "the second time it installs again"; return 1 ;;
	esac
	inside "cd /srv/robson && git status --short" | sed 's/^/left behind: /'
	echo "the second time nothing is installed"
}

step_user() {
	inside "useradd -m trader && cp -r /srv/robson ~trader/ && chown -R trader ~trader"
	as_trader="setpriv --reuid trader --regid trader --clear-groups sh -c \
		'cd ~trader/robson && HOME=~trader ./bootstrap --build' </dev/null"
	said=$(inside "$as_trader" 2>&1) && return 1
	printf '%s\n' "$said" | tail -n 3
	case $said in
	*"As root: apt-get install"*) ;;
	*) return 1 ;;
	esac
	inside "apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install sudo &&
		echo 'trader ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/trader" >"$folder/user.log" 2>&1 ||
		return 1
	said=$(inside "$as_trader" 2>&1)
	built=$?
	printf '%s\n' "$said" | tail -n 3
	return $built
}

status=0
for step in $steps; do
	case $step in run | check | build | user) ;; *) die "no step is called $step" ;; esac
	from=$(date +%s)
	enter "$step"
	echo "=== $step"
	if step_"$step"; then
		echo "=== $step: passed in $(($(date +%s) - from)) s"
	else
		echo "=== $step: FAILED"
		status=1
	fi
	leave
done
exit $status
