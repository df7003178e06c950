# Written by `pulumi up`: a change made here is lost at the next one.
# The system's own settings first; a machine without them is fine too.
[ ! -f /etc/ksh.kshrc ] || . /etc/ksh.kshrc
set -o emacs
HISTFILE=$HOME/.sh_history
HISTSIZE=2000
# A line that starts with a blank is not kept: the way to type a secret.
HISTCONTROL=ignoredups:ignorespace
PS1='\u@\h:\w\$ '
alias ll='ls -la'
alias state='gwctl state'
