import type { EscapeKey, Prompts } from '../../adapters/terminal/prompts.js';
import type { Leaving } from '../../adapters/terminal/until-interrupted.js';
import type { Look } from '../../render/paint.js';
import type { AskPassword } from './connection-directory.js';

/** The person at the terminal. */
export interface Person {
  /** How they are asked; the caller has made sure that one is there. */
  prompts(escape?: EscapeKey): Promise<Prompts>;
  /** How they are asked for a password; the caller has made sure that one is there. */
  passwordPrompt(): Promise<AskPassword>;
  /** Shows a spinner while the work goes on; only for a terminal. Ctrl-C declines, or interrupts where that is said. */
  spin<Result>(text: string, look: Look, work: () => Promise<Result>, leaving?: Leaving): Promise<Result>;
  /** Work that Ctrl-C rejects with APPROVAL_DECLINED, also between two questions. */
  untilInterrupted<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Does work go on that nobody waits for? It would keep the process until it times out. */
  hasAbandonedWork(): boolean;
}

export const createPerson = (): Person => {
  let isAbandoned = false;
  const abandon = (): void => {
    isAbandoned = true;
  };
  const prompts: Person['prompts'] = async (escape = 'ignored') => {
    const { createPrompts } = await import('../../adapters/terminal/prompts.js');
    return createPrompts(process.stderr, escape);
  };
  return {
    prompts,
    passwordPrompt: async () => {
      const asking = await prompts();
      return (message) => asking.password(message);
    },
    spin: async (text, look, work, leaving = 'declines') => {
      const { spinWhile } = await import('../../adapters/terminal/spinner.js');
      return spinWhile(text, look, work(), abandon, leaving);
    },
    untilInterrupted: async (work) => {
      const { untilInterrupted } = await import('../../adapters/terminal/until-interrupted.js');
      return untilInterrupted(work(), abandon);
    },
    hasAbandonedWork: () => isAbandoned,
  };
};
