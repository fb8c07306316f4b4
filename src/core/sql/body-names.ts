import { type Token, isSymbol, isWord, listPlain, nameOf } from './sql-text.js';

/** A name in a body, with all that is qualified by dots: `a`, `a.b`, `a.*` or `a.b.c`. */
export interface BodyName {
  readonly parts: readonly string[];
  /** Where its first part stands in the tokens. */
  readonly start: number;
  /** `table`: of two parts the first is a database. `column`: of two parts it is never one. */
  readonly place: 'table' | 'expression' | 'column';
  readonly isCall: boolean;
  /** The word of its clause or statement that stands before it, in upper case. */
  readonly verb: string;
}

/** One pair of parentheses, or what stands outside all of them. */
interface Level {
  readonly verb: string;
  readonly place: 'table' | 'expression';
  /** In the condition of a join: behind a comma is the next table (`FROM a JOIN b ON a.x = b.x, c`). */
  readonly isJoining?: boolean;
}

const OUTSIDE: Level = { verb: '', place: 'expression' };

/** Statements that begin with tables or routines. */
const TABLE_VERBS = [
  ...[
    'INSERT',
    'REPLACE',
    'UPDATE',
    'DELETE',
    'CALL',
    'TRUNCATE',
    'HANDLER',
    'LOCK',
    'RENAME',
    'CREATE',
    'ALTER',
  ],
  ...['DROP', 'GRANT', 'REVOKE', 'ANALYZE', 'OPTIMIZE', 'REPAIR', 'CHECKSUM', 'DESCRIBE', 'EXPLAIN', 'SHOW'],
];
const TABLE_WORDS = ['JOIN', 'REFERENCES', 'VIEW', 'TABLE', 'TABLES'];
const EXPRESSION_WORDS = [
  ...[
    'SET',
    'WHERE',
    'GROUP',
    'HAVING',
    'ORDER',
    'LIMIT',
    'WINDOW',
    'VALUES',
    'VALUE',
    'RETURN',
    'IF',
    'ELSEIF',
  ],
  ...['WHILE', 'UNTIL', 'CASE', 'WHEN', 'THEN', 'ELSE', 'DO', 'LOOP', 'DECLARE', 'FETCH', 'OPEN', 'CLOSE'],
  ...['EXECUTE', 'PREPARE', 'SIGNAL', 'BEGIN', 'END'],
];
/** They end the list of tables; other words may stand in the condition of a join. */
const CLAUSES = new Set(['SET', 'WHERE', 'GROUP', 'HAVING', 'ORDER', 'LIMIT', 'WINDOW', 'VALUES']);
const SEQUENCE_CALLS = ['NEXTVAL', 'LASTVAL', 'SETVAL'];

/** `ON UPDATE`, `ON DUPLICATE KEY UPDATE`, `FOR UPDATE`, `CONTINUE HANDLER` and calls of functions are no statements. */
const beginsStatement = (token: Token, before: Token | undefined, next: Token | undefined): boolean =>
  isWord(token, ...TABLE_VERBS) &&
  !isSymbol(next, '(') &&
  !isWord(before, 'ON', 'KEY', 'FOR', 'CONTINUE', 'EXIT', 'UNDO');

const enterWord = (level: Level, token: Token, before: Token | undefined, next: Token | undefined): Level => {
  const { verb, isJoining = false } = level;
  const table: Level = { verb, place: 'table' };
  const expression: Level = {
    verb,
    place: 'expression',
    isJoining: isJoining && !CLAUSES.has(token.text.toUpperCase()),
  };
  const is = (...words: readonly string[]): boolean => isWord(token, ...words);
  // What is granted is called like statements.
  if (['GRANT', 'REVOKE'].includes(level.verb)) return level;
  if (beginsStatement(token, before, next)) return { verb: token.text.toUpperCase(), place: 'table' };
  if (is('DATABASE', 'SCHEMA') && !isSymbol(next, '(')) return { verb: 'DATABASE', place: 'table' };
  if (is('SELECT')) return { verb: 'SELECT', place: 'expression' };
  if (is('FROM')) return ['SELECT', 'DELETE', 'SHOW'].includes(level.verb) ? table : expression;
  if (is('INTO')) return ['INSERT', 'REPLACE'].includes(level.verb) ? table : expression;
  if (is('ON'))
    return ['CREATE', 'DROP'].includes(level.verb)
      ? table
      : { ...expression, isJoining: !isWord(next, 'DUPLICATE') };
  if (is('USING'))
    return level.verb === 'DELETE' && !isSymbol(next, '(') ? table : { ...expression, isJoining: true };
  if (is('STRAIGHT_JOIN')) return isWord(before, 'SELECT', 'DISTINCT', 'ALL') ? level : table;
  // A point in the history of a table: more tables may follow.
  if ((is('FOR') && isWord(next, 'SYSTEM_TIME')) || (is('OF') && isWord(before, 'AS'))) return level;
  if (is('FOR')) return isWord(before, 'VALUE') ? table : expression;
  if (is('OF')) return table;
  if (is(...TABLE_WORDS)) return table;
  return is(...EXPRESSION_WORDS) ? expression : level;
};

/** Parentheses behind a word or name are a call or a list of columns; all others group what stands outside. */
const openLevel = (outer: Level, before: Token | undefined): Level => {
  if (isWord(before, ...SEQUENCE_CALLS)) return { verb: '', place: 'table' };
  const isGroup = before?.kind === 'symbol' || isWord(before, 'FROM', 'JOIN', 'STRAIGHT_JOIN');
  return isGroup ? { verb: '', place: outer.place } : OUTSIDE;
};

/**
 * Finds the names in the body of a routine, trigger or event, which is as its person wrote it: every statement is
 * followed, because `a.b` is a table of a database in one clause and a column of an alias in another. What stands behind
 * `@` or a dot is no name of its own. `from` is the first token that is looked at.
 */
export const findBodyNames = (tokens: readonly Token[], from: number): readonly BodyName[] => {
  const seen = listPlain(tokens).filter((index) => index >= from);
  const at = (position: number): Token | undefined => tokens[seen[position] ?? -1];
  const names: BodyName[] = [];
  const outer: Level[] = [];
  let level = OUTSIDE;
  for (let position = 0; position < seen.length;) {
    const [before, token, next] = [at(position - 1), at(position), at(position + 1)];
    const parts = isSymbol(before, '@') || isSymbol(before, '.') ? [] : readParts(at, position);
    if (parts.length > 1 || (token?.kind === 'name' && parts.length > 0)) {
      const end = position + parts.length * 2 - 1;
      names.push({
        parts,
        start: seen[position] ?? 0,
        place: placeOf(level, parts, at, position, end),
        isCall: isSymbol(at(end), '('),
        verb: level.verb,
      });
      position = end;
      continue;
    }
    if (isSymbol(token, '(')) {
      outer.push(level);
      level = openLevel(level, before);
    } else if (isSymbol(token, ')')) level = outer.pop() ?? OUTSIDE;
    else if (isSymbol(token, ';')) level = OUTSIDE;
    else if (isSymbol(token, ',') && level.isJoining === true) level = { verb: level.verb, place: 'table' };
    else if (token?.kind === 'word') {
      if (parts.length > 0)
        names.push({
          parts,
          start: seen[position] ?? 0,
          place: level.place,
          isCall: isSymbol(next, '('),
          verb: level.verb,
        });
      level = enterWord(level, token, before, next);
    }
    position += 1;
  }
  return names;
};

type At = (position: number) => Token | undefined;

/** MariaDB anchors types at columns (`TYPE OF t.c`, `t.c%TYPE`) and at tables (`ROW TYPE OF d.t`, `d.t%ROWTYPE`). */
const placeOf = (
  level: Level,
  parts: readonly string[],
  at: At,
  start: number,
  end: number,
): BodyName['place'] => {
  const isAnchored = isWord(at(start - 1), 'OF') && isWord(at(start - 2), 'TYPE');
  if (isAnchored) return isWord(at(start - 3), 'ROW') ? 'table' : 'column';
  if (isSymbol(at(end), '%') && isWord(at(end + 1), 'ROWTYPE')) return 'table';
  if (isSymbol(at(end), '%') && isWord(at(end + 1), 'TYPE')) return 'column';
  return level.place;
};

const readParts = (at: At, start: number): readonly string[] => {
  const parts: string[] = [];
  for (let position = start; ; position += 2) {
    const token = at(position);
    const name = token && nameOf(token);
    if (name !== undefined) parts.push(name);
    else if (parts.length > 0 && isSymbol(token, '*')) parts.push('*');
    if (name === undefined || !isSymbol(at(position + 1), '.')) return parts;
  }
};
