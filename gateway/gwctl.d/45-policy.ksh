# ---- what iked makes of a tunnel
#
# iked leaves out a proposal that its system cannot do, says "configuration OK" and offers nothing,
# so the peer answers NO_PROPOSAL_CHOSEN. `iked -nv` prints the policies as they were understood, keys
# included: read in memory, never shown.

# left_out FILE: the first proposal of the tunnel's text that no proposal of iked has as a whole. False
# when iked does not answer.
left_out() {
	local parsed
	parsed=$(ask iked -nv -f "$1" 2>&1)
	case $? in (124 | 137) return 1 ;; esac
	# Each proposal is `ikesa|childsa WORD=NAME…`; POLICY is the number of its policy in its text.
	print -r -- "$parsed" | awk '
	function proposed(    words, word, i, j, whole) {
		if (proposal == "")
			return
		if (!declared) {
			parsed[++count] = policy " " proposal " "
			return
		}
		words = split(proposal, word, " ")
		for (i = 1; i <= count; i++) {
			whole = index(parsed[i], policy " " word[1] " ") == 1
			for (j = 2; j <= words; j++)
				whole = whole && index(parsed[i], " " word[j] " ")
			if (whole)
				return
		}
		if (missing == "")
			missing = proposal
	}
	second && !declared {
		proposed()
		proposal = key = ""
		policy = 0
		declared = 1
	}
	!declared && !/^ikev2 / { next }
	{
		sub(/^[ \t]*#.*/, "")
		# Quoted words are names and keys.
		gsub(/\\["\047 \t]/, "")
		gsub(/"[^"]*"|\047[^\047]*\047/, " quoted ")
		sub(/\\$/, "")
		for (n = 1; n <= NF; n++) {
			if (key != "") {
				proposal = proposal " " key "=" $n
				key = ""
			} else if (proposal != "" && $n ~ /^(enc|auth|prf|group)$/)
				key = $n
			else if (proposal != "" && $n ~ /^(no)?esn$/)
				proposal = proposal " " $n
			else {
				proposed()
				proposal = ($n ~ /^(ikesa|childsa)$/) ? $n : ""
				policy += ($n == "ikev2")
			}
		}
	}
	END {
		proposed()
		gsub(/=/, " ", missing)
		if (missing != "")
			print missing
	}' - second=1 "$1"
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
