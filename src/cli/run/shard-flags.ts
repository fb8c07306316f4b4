import { Errors, Flags } from '@oclif/core';
import { type Shard, parseShard, parseWhole, readEngineShard } from '../../core/plan/shard.js';

/** Flags of a call that does one slice of a saved plan. */
export const shardFlags = {
  shard: Flags.string({
    description: 'Only this slice of a saved plan: 2/4 is the second of four.',
    helpValue: 'I/N',
    exclusive: ['shards', 'retry'],
  }),
  shards: Flags.string({
    description:
      'Only one of N slices of a saved plan: the one that Kubernetes, GitLab or Slurm started this process for. auto: they also say how many.',
    helpValue: 'N|auto',
    exclusive: ['retry'],
  }),
};

interface ShardFlagValues {
  readonly 'fail-fast'?: boolean | undefined;
  readonly shard?: string | undefined;
  readonly shards?: string | undefined;
}

/** Variables alone never make a run smaller: without a flag they are not looked at. */
export const readShard = (
  { shard, shards, 'fail-fast': isStopping }: ShardFlagValues,
  variables: Parameters<typeof readEngineShard>[0],
): Shard | undefined => {
  if (isStopping && (shard ?? shards) !== undefined)
    throw new Errors.CLIError('--fail-fast stops one process only: with slices the others would go on');
  if (shard !== undefined) {
    const found = parseShard(shard);
    if (found) return found;
    throw new Errors.CLIError(`--shard "${shard}" is no slice: of four they are 1/4, 2/4, 3/4 and 4/4`);
  }
  if (shards === undefined) return undefined;
  const count = parseWhole(shards);
  if (shards !== 'auto' && !count)
    throw new Errors.CLIError(`--shards "${shards}" is no number of slices: say how many, or auto`);
  return readEngineShard(variables, count);
};
