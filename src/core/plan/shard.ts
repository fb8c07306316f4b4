import { SyncError } from '../errors.js';
import { makePrintable } from '../printable.js';

/** One of `count` slices of a plan; `index` begins with 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** `2/4`; undefined for anything that is no slice, such as `0/4` or `5/4`. */
export const parseShard = (text: string): Shard | undefined => {
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  return toShard(parseWhole(index), parseWhole(count));
};

/** A whole number without a sign or leading zeros; undefined for anything else. */
export const parseWhole = (text: string | undefined): number | undefined =>
  text !== undefined && /^(0|[1-9]\d{0,8})$/.test(text) ? Number(text) : undefined;

const toShard = (index: number | undefined, count: number | undefined): Shard | undefined =>
  index !== undefined && count !== undefined && index >= 1 && index <= count ? { index, count } : undefined;

interface Engine {
  readonly name: string;
  /** Where the engine numbers its processes the first one is set, and then all are. */
  readonly variables: readonly [string, ...string[]];
  /** Of their values in that order; the number of slices is undefined where the engine does not tell it. */
  readonly toPlace: (...values: readonly number[]) => { readonly index: number; readonly count?: number };
}

const ENGINES: readonly Engine[] = [
  {
    name: 'an Indexed Job of Kubernetes',
    variables: ['JOB_COMPLETION_INDEX'],
    toPlace: (index = 0) => ({ index: index + 1 }),
  },
  {
    name: 'a parallel job of GitLab',
    variables: ['CI_NODE_INDEX', 'CI_NODE_TOTAL'],
    toPlace: (index = 0, count = 0) => ({ index, count }),
  },
  {
    name: 'a job array of Slurm',
    variables: [
      'SLURM_ARRAY_TASK_ID',
      'SLURM_ARRAY_TASK_MIN',
      'SLURM_ARRAY_TASK_STEP',
      'SLURM_ARRAY_TASK_COUNT',
    ],
    toPlace: (id = 0, first = 0, step = 0, count = 0) => ({ index: (id - first) / step + 1, count }),
  },
];

/** The variables that are read, with the engine that sets them. */
export const SHARD_VARIABLES = ENGINES.flatMap(({ name, variables }) =>
  variables.map((variable) => ({ name: variable, engine: name })),
);

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The slice that the engine which started this process gives it; `count` is how many a person said there are, undefined
 * where that is left to the engine. Throws INPUT_INVALID when the two do not agree, or the variables tell no slice: a guess
 * would leave out databases, or copy them twice.
 */
export const readEngineShard = (variables: Variables, count: number | undefined): Shard => {
  const [engine, other] = ENGINES.filter((one) => variables[one.variables[0]] !== undefined);
  if (!engine)
    throw refuse(
      `nothing says which slice this is: none of ${ENGINES.map((one) => one.variables[0]).join(', ')} is set`,
    );
  if (other) throw refuse(`${engine.variables[0]} and ${other.variables[0]} both say which slice this is`);
  const values = engine.variables.map((name) => parseWhole(variables[name]));
  const found = engine.variables.map((name) => `${name}=${makePrintable(variables[name] ?? '')}`).join(' ');
  const numbers = values.filter((value) => value !== undefined);
  if (numbers.length < values.length) throw refuse(`these are not all whole numbers: ${found}`);
  const place = engine.toPlace(...numbers);
  const total = place.count ?? count;
  if (total === undefined)
    throw refuse(`${engine.name} does not tell how many slices there are`, 'Tell it:  --shards N');
  if (count !== undefined && count !== total)
    throw refuse(`--shards says ${String(count)}, and ${engine.name} has ${String(total)}: ${found}`);
  const shard = Number.isInteger(place.index) ? toShard(place.index, total) : undefined;
  if (!shard) throw refuse(`this is none of ${String(total)} slices: ${found}`);
  return shard;
};

const refuse = (message: string, hint = 'Name the slice:  --shard 1/4'): SyncError =>
  new SyncError('INPUT_INVALID', { message, hints: [hint] });
