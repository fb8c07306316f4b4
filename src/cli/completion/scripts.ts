export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** The line that sets completion up, and the file that it belongs into. */
export const SETUPS: Readonly<Record<Shell, { readonly line: string; readonly file: string }>> = {
  bash: { line: 'eval "$(mysql-sync completion bash)"', file: '~/.bashrc' },
  zsh: { line: 'eval "$(mysql-sync completion zsh)"', file: '~/.zshrc' },
  fish: { line: 'mysql-sync completion fish | source', file: '~/.config/fish/config.fish' },
};

// Candidates are data in all of them: bash quotes each, compadd and fish do so by themselves. `compgen -W` would run them.
export const COMPLETION_SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `_mysql_sync() {
  local kind= line word
  COMPREPLY=()
  while IFS= read -r line; do
    if [ -z "$kind" ]; then
      kind=$line
    else
      printf -v word '%q' "\${line%%$'\\t'*}"
      COMPREPLY+=("$word")
    fi
  done < <(mysql-sync __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  if [ "$kind" = files ]; then compopt -o default; fi
}
if type compopt >/dev/null 2>&1; then
  complete -F _mysql_sync mysql-sync
else
  complete -o default -F _mysql_sync mysql-sync
fi
`,
  zsh: `_mysql_sync() {
  local -a lines words_found shown
  local line
  lines=("\${(@f)$(mysql-sync __complete "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ $PREFIX == --*=* ]]; then compset -P '*='; fi
  if [[ $lines[1] == files ]]; then
    _files
    return
  fi
  for line in "\${(@)lines[2,-1]}"; do
    words_found+=("\${line%%$'\\t'*}")
    shown+=("\${line/$'\\t'/  -- }")
  done
  compadd -l -d shown -a words_found
}
if ! typeset -f compdef >/dev/null; then
  autoload -Uz compinit
  compinit -i
fi
compdef _mysql_sync mysql-sync
`,
  fish: `function __mysql_sync_complete
    set -l typed (commandline -ct)
    set -l before (commandline -opc)
    set -l lines (mysql-sync __complete $before[2..-1] "$typed" 2>/dev/null)
    set -l flag (string match -r -- '^--[^=]+=' "$typed")
    if test "$lines[1]" = files
        for path in (__fish_complete_path (string replace -r -- '^--[^=]+=' '' "$typed"))
            printf '%s%s\\n' "$flag" "$path"
        end
    else
        for line in $lines[2..-1]
            printf '%s%s\\n' "$flag" "$line"
        end
    end
end
complete -c mysql-sync -f -a '(__mysql_sync_complete)'
`,
};
