import type { Prompts } from '../../adapters/terminal/prompts.js';
import {
  ENGINE_NAMES,
  type EngineChoice,
  USUAL_ENGINE,
  chooseEngine,
  traitsOf,
} from '../../core/plan/row-engines.js';
import type { PlanOptions, VerifyLevel } from '../../core/plan/sync-plan.js';
import type { Step } from '../questions/ask-in-steps.js';

/** Asks how the copy is made, if the person wants to say it; empty when not. */
export const askOptions = async (prompts: Prompts, step: Step): Promise<PlanOptions> => {
  if (!(await step(() => prompts.yesNo('Change how it is copied (engine, speed, verification)?')))) return {};
  const engine = await step(() => prompts.choose<EngineChoice>('Engine, how rows travel:', ENGINES));
  const parallel = traitsOf(chooseEngine(engine)).isParallel
    ? await step(() => askCount(prompts, 'Connections a database:', 4))
    : undefined;
  const concurrent = await step(() => askCount(prompts, 'Databases at once:', AUTO));
  const verify = await step(() => prompts.choose<VerifyLevel>('Verification, before it goes live:', VERIFY));
  return {
    engine,
    ...(concurrent !== undefined && { max_concurrent: concurrent }),
    ...(parallel !== undefined && { parallel }),
    verify,
  };
};

const ENGINES = [
  { value: 'auto', short: 'auto', title: `auto    ${USUAL_ENGINE}` },
  ...ENGINE_NAMES.map((name) => ({
    value: name,
    short: name,
    title: `${name.padEnd(8)}${traitsOf(name).title}`,
  })),
] as const;

const VERIFY = [
  { value: 'digest', short: 'digest', title: 'digest  of all rows' },
  { value: 'counts', short: 'counts', title: 'counts  of rows, faster' },
] as const;

const MOST = 64;

/** What is not written into a plan. */
const AUTO = 'auto';

/** A number, or `otherwise`, which is undefined where it is no number. */
const askCount = async (
  prompts: Prompts,
  message: string,
  otherwise: number | typeof AUTO,
): Promise<number | undefined> => {
  const answer = await prompts.text(message, {
    otherwise: String(otherwise),
    check: (text) =>
      text === String(otherwise) || (/^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= MOST)
        ? undefined
        : `a number from 1 to ${String(MOST)}${otherwise === AUTO ? ', or auto' : ''}`,
  });
  return answer === AUTO ? undefined : Number(answer);
};
