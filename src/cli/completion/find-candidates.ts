/** A command as `oclif.manifest.json` tells of it. */
export interface CommandFacts {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly summary?: string;
  readonly hidden?: boolean;
  readonly strict?: boolean;
  readonly args: Readonly<Record<string, ArgumentFacts>>;
  readonly flags: Readonly<Record<string, FlagFacts>>;
}

interface ArgumentFacts {
  readonly name: string;
  readonly multiple?: boolean;
  readonly options?: readonly string[];
}

interface FlagFacts {
  readonly name: string;
  readonly char?: string;
  readonly type: 'boolean' | 'option';
  readonly description?: string;
  readonly helpValue?: string;
  readonly options?: readonly string[];
  readonly multiple?: boolean;
  readonly allowNo?: boolean;
  readonly hidden?: boolean;
}

export interface Candidate {
  readonly word: string;
  readonly meaning?: string;
}

/** What is looked up where it is kept. */
export type Lookup = 'connections' | 'runs' | 'plans' | 'settings';

/** What may stand where the cursor is. Databases are those of a plan file, the usual one when undefined. */
export type Candidates =
  | { readonly kind: 'words'; readonly words: readonly Candidate[] }
  | { readonly kind: 'files' }
  | { readonly kind: Lookup }
  | { readonly kind: 'databases'; readonly plan: string | undefined };

const NOTHING: Candidates = { kind: 'words', words: [] };

/** What the words that help shows for values stand for. */
const VALUES: Readonly<Record<string, Candidates>> = {
  FILE: { kind: 'files' },
  PATH: { kind: 'files' },
  NAME: { kind: 'connections' },
  PLAN: { kind: 'plans' },
  RUN: { kind: 'runs' },
};

const ARGUMENTS: Readonly<Record<string, Candidates>> = {
  file: { kind: 'files' },
  saved: { kind: 'files' },
  run: { kind: 'runs' },
  source: { kind: 'connections' },
  target: { kind: 'connections' },
  key: { kind: 'settings' },
};

export interface Completed {
  readonly candidates: Candidates;
  /** What is typed already of the word. */
  readonly typed: string;
}

/** What may stand in place of the last of the words. bash hands over `--flag=value` as three words. */
export const findCandidates = (commands: readonly CommandFacts[], words: readonly string[]): Completed => {
  const before = words.slice(0, -1).filter((word) => word !== '=');
  const last = words.at(-1) ?? '';
  const [, bound, value] = /^(--[^=]+)=(.*)$/s.exec(last) ?? [];
  const typed = value ?? (last === '=' ? '' : last);
  const line = readLine(commands, bound === undefined ? before : [...before, bound]);
  const isFlag = typed === last && typed.startsWith('-') && !line.isEnded && line.open === undefined;
  return {
    typed,
    candidates: isFlag ? { kind: 'words', words: listFlags(line) } : listValues(commands, line),
  };
};

interface Line {
  /** `connections test` as `connections:test`, as far as it is a command or the beginning of one. */
  readonly id: string;
  readonly command: CommandFacts | undefined;
  readonly positional: readonly string[];
  readonly given: ReadonlyMap<string, string>;
  /** The flag whose value comes next. */
  readonly open: FlagFacts | undefined;
  /** Everything after `--` is an argument. */
  readonly isEnded: boolean;
}

const START: Line = {
  id: '',
  command: undefined,
  positional: [],
  given: new Map(),
  open: undefined,
  isEnded: false,
};

const readLine = (commands: readonly CommandFacts[], words: readonly string[]): Line =>
  words.reduce<Line>((line, word) => readWord(commands, line, word), START);

const readWord = (commands: readonly CommandFacts[], line: Line, word: string): Line => {
  if (line.open) {
    const given = new Map([...line.given, [line.open.name, word]]);
    return { ...line, given, open: undefined };
  }
  if (!line.isEnded && word === '--') return { ...line, isEnded: true };
  if (!line.isEnded && word.startsWith('-')) return readFlag(line, word);
  const id = line.id === '' ? word : `${line.id}:${word}`;
  const isCommand = commands.some((one) => namesOf(one).some((name) => `${name}:`.startsWith(`${id}:`)));
  if (!isCommand || line.positional.length > 0) return { ...line, positional: [...line.positional, word] };
  return { ...line, id, command: commands.find((one) => namesOf(one).includes(id)) };
};

const namesOf = ({ id, aliases }: CommandFacts): readonly string[] => [id, ...aliases];

const readFlag = (line: Line, word: string): Line => {
  const [, name = word, value] = /^(--[^=]+)=(.*)$/s.exec(word) ?? [];
  const flag = Object.values(line.command?.flags ?? {}).find(
    (one) => name === `--${one.name}` || name === `--no-${one.name}` || name === `-${one.char ?? ''}`,
  );
  if (!flag) return line;
  const isOpen = flag.type === 'option' && value === undefined;
  return {
    ...line,
    given: new Map([...line.given, [flag.name, value ?? '']]),
    open: isOpen ? flag : undefined,
  };
};

const listFlags = ({ command, given }: Line): readonly Candidate[] =>
  Object.values(command?.flags ?? {})
    .filter(({ name, hidden, multiple }) => hidden !== true && (multiple === true || !given.has(name)))
    // What is on unless it is taken away is offered to be taken away.
    .map(({ name, description, allowNo }) =>
      toCandidate(allowNo === true ? `--no-${name}` : `--${name}`, description),
    )
    .concat(toCandidate('--help', 'Show what it does.'));

const toCandidate = (word: string, meaning: string | undefined): Candidate =>
  meaning === undefined ? { word } : { word, meaning };

const listValues = (commands: readonly CommandFacts[], line: Line): Candidates => {
  const { open, given, command, positional } = line;
  if (open) {
    if (open.options) return toWords(open.options);
    if (open.helpValue === 'PAT') return { kind: 'databases', plan: given.get('plan') ?? positional[0] };
    return VALUES[open.helpValue ?? ''] ?? NOTHING;
  }
  const args = Object.values(command?.args ?? {});
  const last = args.at(-1);
  const mayRepeat = command?.strict === false || last?.multiple === true;
  const arg = args[positional.length] ?? (mayRepeat ? last : undefined);
  if (arg) return arg.options ? toWords(arg.options) : listArguments(line.id, arg.name);
  return positional.length > 0 || line.isEnded
    ? NOTHING
    : { kind: 'words', words: listNextWords(commands, line.id) };
};

const toWords = (words: readonly string[]): Candidates => ({
  kind: 'words',
  words: words.map((word) => ({ word })),
});

/** Names of connections are arguments of the commands about them, but for those that make a name. */
const listArguments = (id: string, name: string): Candidates => {
  if (id.startsWith('connections:') && id !== 'connections:add' && name === 'name')
    return { kind: 'connections' };
  return ARGUMENTS[name] ?? NOTHING;
};

/** Commands, topics and subcommands that may follow. */
const listNextWords = (commands: readonly CommandFacts[], id: string): readonly Candidate[] => {
  const found = new Map<string, string | undefined>();
  for (const { id: own, summary } of commands.filter(({ hidden }) => hidden !== true)) {
    if (id !== '' && !own.startsWith(`${id}:`)) continue;
    const [word = '', ...rest] = own.slice(id === '' ? 0 : id.length + 1).split(':');
    if (rest.length === 0) found.set(word, summary);
    else if (!found.has(word)) found.set(word, undefined);
  }
  return [...found].map(([word, summary]) => toCandidate(word, summary));
};
