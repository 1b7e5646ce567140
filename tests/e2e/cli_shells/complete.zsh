# Prints what zsh completes. Usage: zsh -f complete.zsh FOLDER LINE; FOLDER holds _proxywhirl.
# A second zsh in a terminal of its own is given the line and the tab key; its compadd tells what it would add.
zmodload zsh/zpty || exit 2
zpty z zsh -f -i
setopt rcquotes
() {
  zpty -w z "source $1"
  while zpty -r z line; do
    [[ $line == ready* ]] && return
  done
  print -u2 'zsh did not start'
  exit 2
} =(<<<"
PROMPT=
fpath=(${(qqq)1} \$fpath)
"'
autoload -Uz compinit
compinit -u -D
bindkey ''^M'' undefined
bindkey ''^J'' undefined
bindkey ''^I'' complete-word
null-line () { echo -E - $''\0'' }
compprefuncs=(null-line)
comppostfuncs=(null-line exit)
zstyle '':completion:*'' insert-tab false
compadd () {
  if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
    builtin compadd "$@"
    return $?
  fi
  typeset -a __hits
  builtin compadd -A __hits "$@"
  for hit in $__hits; do echo -E - $hit; done
}
echo ready')
zpty -w z "$2"$'\t'
integer inside=0
while zpty -r z; do :; done | while IFS= read -r line; do
  if [[ $line == *$'\0\r' ]]; then
    (( inside++ )) && exit 0 || continue
  fi
  (( inside )) && print -r -- ${line%$'\r'}
done
