// zsh reads a leading `=` as the path of a command.
const PLAIN = /^[\w@%+:,./-][\w@%+=:,./-]*$/;

/** The text as one word of a POSIX shell, for commands that are shown to be copied. */
export const quoteShellWord = (text: string): string =>
  PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/** Flags that choose exactly these databases: `--only` takes globs, so what would be one is escaped. */
export const onlyFlags = (names: readonly string[]): string =>
  names.map((name) => `--only ${quoteShellWord(name.replaceAll(/[\\*?]/g, '\\$&'))}`).join(' ');
