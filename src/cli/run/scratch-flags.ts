import { Args, Flags } from '@oclif/core';

export const whichTarget = {
  plan: Flags.string({
    description: 'Sync plan whose target is meant (default: the plan of this folder).',
    helpValue: 'FILE',
  }),
  target: Flags.string({
    description: 'Saved connection of the target.',
    helpValue: 'NAME',
    exclusive: ['plan'],
  }),
};

export const confirmTarget = {
  'confirm-target': Flags.string({ description: "Approve: the target's name.", helpValue: 'NAME' }),
};

export const scratchName = {
  name: Args.string({ description: 'The scratch database.', required: true, ignoreStdin: true }),
};
