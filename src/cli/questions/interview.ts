import type { Prompts } from '../../adapters/terminal/prompts.js';
import type { Services } from '../services/compose.js';
import type { Screen } from '../frame/screen.js';

/** A conversation with the person at the terminal, and what it can use. */
export interface Interview {
  readonly services: Services<'settings' | 'memory' | 'planFiles' | 'person' | 'servers'>;
  readonly screen: Screen;
  readonly prompts: Prompts;
}

/** The caller has made sure that a person is there. Esc at a question goes back to the one before. */
export const beginInterview = async (
  services: Services<'settings' | 'memory' | 'planFiles' | 'person' | 'servers'>,
  screen: Screen,
): Promise<Interview> => ({
  services,
  screen,
  prompts: await services.person.prompts('goes-back'),
});
