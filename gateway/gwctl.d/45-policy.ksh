# ---- what iked makes of a tunnel
#
# iked leaves out a proposal that its system cannot do, says "configuration OK" and offers nothing,
# so the peer answers NO_PROPOSAL_CHOSEN. `iked -nv` prints the policies as they were understood, keys
# included: read in memory, never shown.

# transforms: of the policies on standard input, each proposal as `POLICY ikesa|childsa WORD=NAME…`.
transforms() {
	awk '
	{
		sub(/^[ \t]*#.*/, "")
		# Quoted words are names and keys.
		gsub(/\\["\047 \t]/, "")
		gsub(/"[^"]*"|\047[^\047]*\047/, " quoted ")
		sub(/\\$/, "")
		for (i = 1; i <= NF; i++) {
			if (word != "") {
				proposal = proposal " " word "=" $i
				word = ""
			} else if (proposal != "" && $i ~ /^(enc|auth|prf|group)$/)
				word = $i
			else if (proposal != "" && $i ~ /^(no)?esn$/)
				proposal = proposal " " $i
			else {
				if (proposal != "")
					print policy, proposal
				proposal = ($i ~ /^(ikesa|childsa)$/) ? $i : ""
				policy += ($i == "ikev2")
			}
		}
	}
	END { if (proposal != "") print policy, proposal }'
}

# left_out FILE: the first proposal of the tunnel's text that no proposal of iked has as a whole. False
# when iked does not answer.
left_out() {
	local parsed
	parsed=$(ask iked -nv -f "$1" 2>&1)
	case $? in (124 | 137) return 1 ;; esac
	parsed=$(print -r -- "$parsed" | grep '^ikev2 ' | transforms)
	{ print -r -- "$parsed"; print declared; transforms <"$1"; } | awk '
	$1 == "declared" { declared = 1; next }
	!declared { parsed[++count] = $0 " "; next }
	{
		for (i = 1; i <= count; i++) {
			if (index(parsed[i], $1 " " $2 " ") != 1)
				continue
			whole = 1
			for (j = 3; j <= NF; j++)
				whole = whole && index(parsed[i], " " $j " ")
			if (whole)
				next
		}
		sub(/^[0-9]+ /, "")
		gsub(/=/, " ")
		print
		exit
	}'
}

# check_policy FILE: what is declared is what iked would do.
check_policy() {
	local proposal
	proposal=$(left_out "$1") || {
		print "iked -nv took too long and was ended" >"$WORK/said"
		return 1
	}
	[ -z "$proposal" ] || {
		print -r -- "iked leaves out \"$proposal\": this system cannot do it" >"$WORK/said"
		return 1
	}
}
