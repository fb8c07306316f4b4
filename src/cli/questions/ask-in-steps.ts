import type { Prompts } from '../../adapters/terminal/prompts.js';
import { EscapePressed } from '../../core/escape-pressed.js';

/** Does its part, and asks what it needs for that; or gives the answer of before. */
export type Step = <Answer>(ask: () => Promise<Answer>) => Promise<Answer>;

/**
 * Runs `questions` until every step has its answer. Esc asks the last step again that asked anything: the function runs
 * anew, and the answers of the steps before are given without asking. So what stands between the steps must have no
 * effect. Where no step has asked yet, Esc rejects with EscapePressed, for the steps around.
 */
export const askInSteps = async <Result>(
  prompts: Pick<Prompts, 'countAnswers'>,
  questions: (step: Step) => Promise<Result>,
): Promise<Result> => {
  const taken: { readonly answer: unknown; readonly isAsked: boolean }[] = [];
  for (;;) {
    let position = 0;
    const step: Step = async (ask) => {
      if (position === taken.length) {
        const before = prompts.countAnswers();
        const answer = await ask();
        taken.push({ answer, isAsked: prompts.countAnswers() > before });
      }
      position += 1;
      return taken[position - 1]?.answer as Awaited<ReturnType<typeof ask>>;
    };
    try {
      return await questions(step);
    } catch (error) {
      const last = taken.findLastIndex(({ isAsked }) => isAsked);
      if (!(error instanceof EscapePressed) || last === -1) throw error;
      taken.length = last;
    }
  }
};
