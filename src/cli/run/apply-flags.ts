import { Flags } from '@oclif/core';

/** Flags of everything that plans, asks and runs. */
export const applyFlags = {
  'auto-approve': Flags.boolean({ description: 'Approve creating databases; never enough to overwrite.' }),
  'confirm-target': Flags.string({
    description: "Approve overwriting: the target's name.",
    helpValue: 'NAME',
  }),
  'max-concurrent': Flags.integer({ description: 'Databases at once.', helpValue: 'N', min: 1 }),
  'lock-timeout': Flags.integer({
    description: 'Seconds to wait for another run on the target.',
    helpValue: 'SECONDS',
    min: 0,
    default: 0,
  }),
  grace: Flags.integer({
    description:
      'After SIGTERM or Ctrl-C: seconds in which databases in flight may finish; then they are dropped, and the target keeps what it had.',
    helpValue: 'SECONDS',
    min: 0,
    max: 86_400,
  }),
  'keep-previous': Flags.boolean({
    description: 'Keep what is replaced on the target until the next apply, for rollback.',
    allowNo: true,
    default: true,
  }),
  events: Flags.string({
    description: 'Write what happens as JSON lines: a file, - for stdout, or a file descriptor.',
    helpValue: 'PATH',
  }),
  notify: Flags.string({
    description: 'POST how it ended to this URL; env:NAME reads a variable, which no other user sees.',
    helpValue: 'URL',
  }),
  metrics: Flags.string({
    description: "Write how it ended for Prometheus (node_exporter's textfile collector).",
    helpValue: 'FILE',
  }),
  'fail-fast': Flags.boolean({ description: 'Start no further database after one failed.' }),
};
