import { makePrintable } from '../core/printable.js';
import type { DatabaseOutcome } from '../core/run/outcome.js';
import { renderEnabling } from './enable-events.js';
import { describeHook } from './hooks.js';
import { describeMasks } from './masks.js';
import { describePreserved } from './preserve.js';

/** What was done to a copy beyond copying it, and what there is to know of it, a line each. */
export const listOutcomeDetails = ({
  masks,
  preserved = [],
  hooks = [],
  notes,
  enableEvents = [],
}: DatabaseOutcome): readonly string[] => [
  ...(masks ? [describeMasks(masks)] : []),
  ...preserved.map((one) => makePrintable(describePreserved(one))),
  ...hooks.map((hook) => makePrintable(describeHook(hook))),
  ...notes.map((note) => `note: ${makePrintable(note)}`),
  ...renderEnabling(enableEvents),
];
