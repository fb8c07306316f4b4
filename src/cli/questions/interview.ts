import type { Prompts } from '../../adapters/terminal/prompts.js';
import type { Composition } from '../compose.js';
import type { Screen } from '../frame/screen.js';

/** A conversation with the person at the terminal, and what it can use. */
export interface Interview {
  readonly composition: Composition;
  readonly screen: Screen;
  readonly prompts: Prompts;
}

/** The caller has made sure that a person is there. Esc at a question goes back to the one before. */
export const beginInterview = async (composition: Composition, screen: Screen): Promise<Interview> => ({
  composition,
  screen,
  prompts: await composition.prompts('goes-back'),
});
