# ---- proposals in transition
#
# Older proposals of a tunnel are to go once its peer no longer chooses them. By which one an IKE SA was made stands in
# iked's log alone, and that is rotated: so every pass of the watchdog keeps the day on which it saw an SA of each.
# A list that changes begins a new record, as the old one tells of proposals that were not offered.
#
# DB/proposals/NAME, with days since 1970, of UTC:
#   every proposal as it is offered
#   since DAY looked DAY    between the two, each day has been looked at
#   ike|esp DAY WORDS       when an SA with these algorithms was last seen; `unknown` for what the log does not tell
PROPOSALS=$DB/proposals

# offered: lines NAME PROPOSALS, of the tunnels with several of one phase.
offered() {
	awk '
	function told() {
		if (several)
			print name text
		several = 0
		text = ""
		split("", count)
	}
	FNR == 1 {
		told()
		name = FILENAME
		sub(/.*\//, "", name)
		sub(/\.conf$/, "", name)
	}
	$1 ~ /^(ikesa|childsa)$/ {
		if (++count[$1] > 1)
			several = 1
		sub(/^[ \t]+/, "")
		sub(/[ \t]*\\$/, "")
		text = text " " $0
	}
	END { told() }' "$ROOT"/etc/iked/[a-z]*.conf 2>/dev/null
}

# watch_proposals: of iked, while it runs.
watch_proposals() {
	local offers file name sas
	offers=$(offered)
	for file in "$PROPOSALS"/[a-z]*; do
		case $LINES_ONLY$offers in (*"$LINES_ONLY${file##*/} "*) ;; (*) discard "$file" ;; esac
	done
	[ -n "$offers" ] || return 0
	# A daemon that does not answer was not looked at.
	sas=$(ask ikectl show sa 2>/dev/null) || return 0
	mkdir -p "$PROPOSALS"
	{
		print -r -- "$offers" | sed 's/^/offered /'
		print -r -- "$sas"
		ipsecctl -s sa
		live_log
	} 2>/dev/null | seen_proposals | while read -r name; do
		replace "$PROPOSALS/$name"
	done
}

# seen_proposals: NAME of each record that changed, whose text is then in NAME.new. Written once a day where nothing
# changes.
seen_proposals() {
	DB_DIR=$PROPOSALS CONF_DIR=$ROOT/etc/iked awk -v today=$((NOW / 86400)) '
	function said(    text) {
		text = $0
		sub(/.*\(/, "", text)
		sub(/\).*/, "", text)
		gsub(/[^a-z0-9 -]/, "", text)
		return text
	}
	function spi(text) {
		while (length(text) < 18)
			text = "0x0" substr(text, 3)
		return text
	}
	function saw(name, words) {
		day[name, words] = today
		all[name] = all[name] "\n" words
	}
	function record(name,    file, line, part, since, looked, was, is, n, i, known, word) {
		file = ENVIRON["DB_DIR"] "/" name
		if ((getline line <file) > 0 && line == text[name]) {
			was = line
			while ((getline line <file) > 0) {
				was = was "\n" line
				split(line, part, " ")
				if (part[1] == "since") {
					since = part[2]
					looked = part[4]
				} else {
					sub(/^[a-z]+ [0-9]+ /, "", line)
					earlier[name, part[1] " " line] = part[2]
					known = known "\n" part[1] " " line
				}
			}
		}
		close(file)
		# A clock that was ahead made days of its own.
		if (since == "" || looked > today) {
			since = today
			known = ""
		} else if (looked < today - 1)
			since = today
		is = text[name] "\nsince " since " looked " today
		n = split(substr(known all[name], 2), word, "\n")
		for (i = 1; i <= n; i++)
			if (!(name SUBSEP word[i] in done)) {
				done[name, word[i]] = 1
				line = word[i]
				sub(/^[a-z]+ /, "", line)
				split(word[i], part, " ")
				is = is "\n" part[1] " " ((name SUBSEP word[i] in day) ? today : earlier[name, word[i]]) " " line
			}
		if (is == was)
			return
		print is >(file ".new")
		close(file ".new")
		print name
	}
	$1 == "offered" {
		names[++count] = $2
		text[$2] = substr($0, length($1 $2) + 3)
		file = ENVIRON["CONF_DIR"] "/" $2 ".conf"
		while ((getline line <file) > 0)
			if (sub(/^# gwctl dstid /, "", line))
				of[line] = $2
		close(file)
	}
	$1 == "iked_sas:" {
		id = substr($0, index($0, "<") + 1)
		if (match(id, />\[[^][]*\] ESTABLISHED /) && substr(id, 1, RSTART - 1) in of) {
			ike[$2] = of[substr(id, 1, RSTART - 1)]
			ikeSpi[$2] = $6
		}
	}
	$1 == "sa_childsas:" && $5 == "out" {
		ref = $NF
		sub(/^@/, "", ref)
		child[$4] = ref
	}
	$1 == "esp" || $2 == "esp" {
		words = at = ""
		for (i = 1; i < NF; i++) {
			if ($i == "spi")
				at = $(i + 1)
			else if ($i == "auth" || $i == "enc")
				words = words " " $i " " $(i + 1)
		}
		kernel[at] = substr(words, 2)
	}
	/ iked\[/ && / \(enc / {
		if (match($0, /rekeyed as new IKESA 0x[0-9a-f]+/))
			log_ike[spi(substr($0, RSTART + 21, RLENGTH - 21))] = said()
		else if (match($0, /loaded SPIs: [0-9a-fx, ]+/)) {
			n = split(substr($0, RSTART + 13, RLENGTH - 13), part, /[, ]+/)
			group = match(said(), /group [a-z0-9-]+/) ? " " substr(said(), RSTART, RLENGTH) : ""
			for (i = 1; i <= n; i++)
				log_child[part[i]] = group
		} else if (/established peer / && match($0, / spi=0x[0-9a-f]+/))
			log_ike[substr($0, RSTART + 5, RLENGTH - 5)] = said()
	}
	END {
		for (ref in ike) {
			at = ikeSpi[ref]
			saw(ike[ref], "ike " ((at in log_ike) ? log_ike[at] : "unknown"))
		}
		for (at in child)
			if (child[at] in ike && at in kernel)
				saw(ike[child[at]], "esp " kernel[at] ((at in log_child) ? log_child[at] : " group unknown"))
		for (i = 1; i <= count; i++)
			record(names[i])
	}'
}

# state_proposals: the records without their first line, each line after the tunnel's name. One of another list than
# is offered now is none.
state_proposals() {
	local name text was
	case $services in (*"iked on "*) ;; (*) return 0 ;; esac
	offered | while read -r name text; do
		{ read -r was && [ "$was" = "$text" ] && sed "s/^/$name /"; } 2>/dev/null <"$PROPOSALS/$name"
	done
}
