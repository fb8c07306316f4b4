import { SyncError } from '../errors.js';
import { type Token, joinTokens, listSignificant, tokenizeSql } from './sql-text.js';

/** `disabled-on-replica`: a replica got it from its source, where it runs. */
export type EventState = 'enabled' | 'disabled' | 'disabled-on-replica';

/** What of an event's definition its state is read from and written to. */
export interface EventText {
  readonly name: string;
  readonly statement: string;
  readonly sqlMode: string;
}

/** MySQL 8.2 and newer print REPLICA, all others SLAVE; what the other one prints may not be taken. */
export type ReplicaWord = 'SLAVE' | 'REPLICA';

const SCHEDULE = '(?:AT S|EVERY (?:W|S) W(?: STARTS S)?(?: ENDS S)?)';
/** All that every server prints before the body, as kinds of tokens and words. */
const HEAD = new RegExp(
  `^(?<before>CREATE (?:DEFINER = N (?:@ N )?)?EVENT N ON SCHEDULE ${SCHEDULE} ON COMPLETION (?:NOT )?PRESERVE )` +
    `(?<state>ENABLE|DISABLE(?: ON (?:SLAVE|REPLICA))?) (?:COMMENT S )?DO `,
);
/** More tokens than a head has. */
const HEAD_TOKENS = 32;
const HEAD_WORDS =
  /^(?:CREATE|DEFINER|EVENT|ON|SCHEDULE|AT|EVERY|STARTS|ENDS|COMPLETION|NOT|PRESERVE|ENABLE|DISABLE|SLAVE|REPLICA|COMMENT|DO)$/;

const shapeOf = ({ kind, text }: Token): string => {
  if (kind === 'name') return 'N';
  if (kind === 'string') return 'S';
  if (kind === 'symbol') return text;
  return HEAD_WORDS.test(text.toUpperCase()) ? text.toUpperCase() : 'W';
};

const readHead = ({ statement, sqlMode }: EventText) => {
  const tokens = tokenizeSql(statement, sqlMode);
  const seen = listSignificant(tokens).slice(0, HEAD_TOKENS);
  const shape = seen.map((index) => shapeOf(tokens[index] ?? { kind: 'symbol', text: '' })).join(' ');
  return { tokens, seen, shape: `${shape} ` };
};

interface FoundState {
  readonly tokens: readonly Token[];
  /** Indexes of the tokens that say the state. */
  readonly at: readonly number[];
  readonly state: EventState;
}

/**
 * Finds the state by the whole head: an event whose head leaves it out, or hides such a word elsewhere, would run when
 * it is made.
 * @throws SyncError PROGRAMS_FAILED when the head is none that servers print
 */
const findState = (event: EventText): FoundState => {
  const { tokens, seen, shape } = readHead(event);
  const { before, state } = HEAD.exec(shape)?.groups ?? {};
  if (before === undefined || state === undefined)
    throw new SyncError('PROGRAMS_FAILED', {
      message: `event ${event.name}: mysql-sync cannot read the event that the server prints`,
      hints: [`Look at it:  SHOW CREATE EVENT, or leave it out with programs.exclude.`],
    });
  const start = before.split(' ').length - 1;
  return {
    tokens,
    at: seen.slice(start, start + state.split(' ').length),
    state: state === 'ENABLE' ? 'enabled' : state === 'DISABLE' ? 'disabled' : 'disabled-on-replica',
  };
};

/** Is there a last moment, after which the server itself drops the event or switches it off? */
export const mayEnd = (event: EventText): boolean =>
  / SCHEDULE (?:AT|EVERY (?:W|S) W(?: STARTS S)? ENDS) /.test(readHead(event).shape);

/** @throws SyncError PROGRAMS_FAILED */
export const readEventState = (event: EventText): EventState => findState(event).state;

/**
 * The statement with this state.
 * @throws SyncError PROGRAMS_FAILED
 */
export const writeEventState = (
  event: EventText,
  state: EventState,
  replicaWord: ReplicaWord = 'SLAVE',
): string => {
  const { tokens, at } = findState(event);
  const [first = -1] = at;
  const last = at.at(-1) ?? first;
  const words = {
    enabled: 'ENABLE',
    disabled: 'DISABLE',
    'disabled-on-replica': `DISABLE ON ${replicaWord}`,
  };
  return joinTokens([
    ...tokens.slice(0, first),
    { kind: 'word', text: words[state] },
    ...tokens.slice(last + 1),
  ]);
};
