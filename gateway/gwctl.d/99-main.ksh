# ---- main

# A lost SSH connection does not stop a change halfway. Commands started from here get the default.
trap unlock EXIT
trap 'exit 130' INT TERM
trap : HUP PIPE

command=${1:-}
case $BYTES in (*[!0-9]* | ?????????*) usage_error "--bytes $BYTES" ;; esac
case $command in
version) print "$VERSION"; exit ;;
--help | -h) usage; exit ;;
'' | *[!a-z]*) usage_error "$command" ;;
esac
shift
case " $CHANGES / $READS " in
*" $command "*/*)
	cmd_"$command" ${1+"$@"}
	report
	;;
*" $command "*) cmd_"$command" ${1+"$@"} ;;
*) usage_error "$command" ;;
esac
