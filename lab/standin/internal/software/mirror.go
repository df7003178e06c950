// Package software is pkg_add(1), pkg_delete(1), pkg_info(1), syspatch(8), sysupgrade(8), sysmerge(8)
// and df(1): what an administrator sees of OpenBSD's packages, errata and releases.
//
// There is no network: the mirror is a table, below. What the commands leave on the machine is real.
package software

import (
	"fmt"
	"net/url"
	"os"
	"strings"

	"standin/internal/base"
	"standin/internal/run"
)

// root stands before every path; tests give it a directory.
var root = ""

// mirrorDir is where whoever tests with the stand-in says what the mirror has, one entry a line:
//
//	url       the mirror's URL; every other one cannot be reached
//	patches   NAME FILE…: errata of the running release and the files they replace
//	releases  NUMBER: releases that are out
//	packages  NAME [DEPENDENCY…]: instead of the table below
const mirrorDir = "/usr/libexec/host/mirror/"

const cdn = "https://cdn.openbsd.org/pub/OpenBSD"

// catalogue is a piece of the packages of 7.9: names with several flavours, branches, dependencies.
var catalogue = []string{
	"bzip2-1.0.8p0",
	"curl-8.19.0 nghttp2-1.68.0",
	"iperf3-3.20",
	"libiconv-1.18",
	"mtr-0.95p2",
	"mtr-0.95p2-gtk3",
	"nghttp2-1.68.0",
	"nmap-7.98",
	"python-2.7.18p18 bzip2-1.0.8p0",
	"python-3.13.12 bzip2-1.0.8p0",
	"rsync-3.4.1p1 xxhash-0.8.3",
	"rsync-3.4.1p1-iconv libiconv-1.18 xxhash-0.8.3",
	"sudo-1.9.17.2p0",
	"sudo-1.9.17.2p0-gettext libiconv-1.18",
	"vim-9.2.57-gtk3 libiconv-1.18",
	"vim-9.2.57-gtk3-perl-python3-ruby libiconv-1.18 python-3.13.12",
	"vim-9.2.57-no_x11 libiconv-1.18",
	"vim-9.2.57-no_x11-perl-python3-ruby libiconv-1.18 python-3.13.12",
	"xxhash-0.8.3",
}

// table reads a file of the mirror's directory as words per line; comments are left out.
func table(name string) [][]string { return words(run.ReadLines(root + mirrorDir + name)) }

func words(lines []string) [][]string {
	var rows [][]string
	for _, line := range lines {
		if fields := strings.Fields(line); len(fields) > 0 && !strings.HasPrefix(fields[0], "#") {
			rows = append(rows, fields)
		}
	}
	return rows
}

// installURL is the first line of installurl(5) that says something.
func installURL() string {
	for _, row := range words(run.ReadLines(root + "/etc/installurl")) {
		return row[0]
	}
	return cdn
}

// unreachable is ftp(1)'s complaint about the mirror of installurl(5), "" where it answers.
func unreachable() string {
	known := cdn
	if rows := table("url"); len(rows) > 0 {
		known = rows[0][0]
	}
	mirror := installURL()
	if strings.TrimSuffix(mirror, "/") == known {
		return ""
	}
	parsed, err := url.Parse(mirror)
	if err != nil || parsed.Hostname() == "" {
		return "ftp: " + mirror + ": invalid URL"
	}
	return "ftp: " + parsed.Hostname() + ": no address associated with name"
}

func digits() string { return strings.ReplaceAll(base.Release(), ".", "") }

func needRoot(name string) bool {
	if os.Geteuid() == 0 || root != "" {
		return true
	}
	fmt.Fprintln(os.Stderr, name+": need root privileges")
	return false
}
