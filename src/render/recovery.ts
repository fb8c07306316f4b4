import { type RecoveryStep, changesLive, describeRecoveryStep } from '../core/change/recovery.js';
import { makePrintable } from '../core/printable.js';
import { type Look, paint } from './paint.js';

/** What is put in order first, a line each. */
export const renderRecovery = (steps: readonly RecoveryStep[], look: Look): readonly string[] =>
  steps.map((step) => {
    const line = `first  ${makePrintable(describeRecoveryStep(step))}`;
    return changesLive(step) ? paint(look, 'bold', line) : line;
  });
