import { checkbox, confirm, input, password, select } from '@inquirer/prompts';
import { SyncError } from '../../core/errors.js';
import { makePrintable } from '../../core/printable.js';
import { Secret } from '../../core/secret.js';
import { EscapePressed } from '../../core/escape-pressed.js';
import { displayWidth, truncateText } from '../../render/display-width.js';
import { printLines } from '../../render/print-lines.js';
import { fitBelowMark, fitText, layQuestion } from './question-layout.js';

/** What a person can be asked. Every method rejects with APPROVAL_DECLINED on Ctrl-C or at the end of stdin. */
export interface Prompts {
  /** Shows what a question is about, on stderr. */
  show(lines: readonly string[]): void;
  /** A yes-or-no question whose default is no. */
  yesNo(message: string): Promise<boolean>;
  text(message: string, rules?: TextRules): Promise<string>;
  /** What is typed is not shown; nothing typed is an empty password. */
  password(message: string): Promise<Secret>;
  choose<Value>(message: string, choices: readonly Choice<Value>[]): Promise<Value>;
  /** Ticked with the space bar; those that cannot be chosen say why. */
  tick<Value>(message: string, choices: readonly Choice<Value>[]): Promise<readonly Value[]>;
  /** How many questions were answered so far. */
  countAnswers(): number;
}

export interface TextRules {
  /** What Enter alone means. */
  readonly otherwise?: string;
  /** What is wrong with the text; then it is asked for again. */
  readonly check?: (text: string) => string | undefined;
  /** What the text means so far, shown while it is typed. */
  readonly echo?: (text: string) => string;
  /** What is shown in its place, as long as it is: it may hold a password. */
  readonly disguise?: (text: string) => string;
}

export interface Choice<Value> {
  readonly value: Value;
  readonly title: string;
  /** What stands beside the question afterwards, when that is not the whole title. */
  readonly short?: string;
  /** More about it, shown while it is the one under the cursor. */
  readonly description?: string;
  /** Why it cannot be chosen. */
  readonly refusal?: string;
}

/** What Esc does: nothing, or reject with EscapePressed. */
export type EscapeKey = 'ignored' | 'goes-back';

const MOST_CHOICES = 12;

/** Prompts on stderr, so that stdout stays the result. The caller has made sure that a person is there. */
export const createPrompts = (stream: NodeJS.WriteStream, escape: EscapeKey): Prompts => {
  let answers = 0;
  const ask = async <Answer>(prompt: (context: LeavableContext) => Promise<Answer>): Promise<Answer> => {
    const answer = await askAbortably(stream, escape, prompt);
    answers += 1;
    return answer;
  };
  return {
    show: (lines) => {
      stream.write(printLines(lines, { isTerminal: true, hasColor: true, columns: columnsOf(stream) }));
    },
    yesNo: (message) =>
      ask((context) => confirm({ ...layQuestion(message, columnsOf(stream)), default: false }, context)),
    text: (message, rules = {}) =>
      ask((context) => input(toInputConfig(message, rules, columnsOf(stream)), context)),
    password: async (message) => {
      const question = layQuestion(message, columnsOf(stream));
      return new Secret(await ask((context) => password({ ...question, toggleMask: false }, context)));
    },
    choose: (message, choices) => {
      const columns = columnsOf(stream);
      const shown = choices.map((choice) => toSelectChoice(choice, columns));
      return ask((context) =>
        select(
          { ...layQuestion(message, columns), choices: shown, pageSize: MOST_CHOICES, loop: false },
          clearWhenLeft(context),
        ),
      );
    },
    tick: (message, choices) => {
      const columns = columnsOf(stream);
      const shown = choices.map((choice) => toSelectChoice(choice, columns));
      return ask((context) =>
        checkbox(
          { ...layQuestion(message, columns), choices: shown, pageSize: MOST_CHOICES, loop: false },
          clearWhenLeft(context),
        ),
      );
    },
    countAnswers: () => answers,
  };
};

interface PromptContext {
  readonly output: NodeJS.WriteStream;
  readonly signal: AbortSignal;
}

interface LeavableContext extends PromptContext {
  /** Did the person leave the command here? Who goes back with Esc still reads what was asked. */
  readonly isLeft: () => boolean;
}

/** Choices that nobody chose from do not stay on the screen. inquirer reads this when the question has ended. */
const clearWhenLeft = ({
  isLeft,
  ...context
}: LeavableContext): PromptContext & { readonly clearPromptOnDone: boolean } => ({
  ...context,
  get clearPromptOnDone() {
    return isLeft();
  },
});

const askAbortably = async <Answer>(
  stream: NodeJS.WriteStream,
  escape: EscapeKey,
  prompt: (context: LeavableContext) => Promise<Answer>,
): Promise<Answer> => {
  const leaving = new AbortController();
  let isInterrupted = false;
  const onKey = (_: unknown, key: { readonly name?: string; readonly ctrl?: boolean }): void => {
    isInterrupted ||= key.ctrl === true && key.name === 'c';
    if (escape === 'goes-back' && key.name === 'escape') leaving.abort('back');
  };
  // Ctrl-D closes the line that inquirer reads, and it would wait for ever.
  const onPause = (): void => leaving.abort('end');
  process.stdin.on('keypress', onKey).on('pause', onPause);
  try {
    const isLeft = (): boolean => isInterrupted || leaving.signal.reason === 'end';
    return await prompt({ output: stream, signal: leaving.signal, isLeft });
  } catch (error) {
    if (leaving.signal.reason === 'back') throw new EscapePressed();
    if (error instanceof Error && ['ExitPromptError', 'AbortPromptError'].includes(error.name))
      throw new SyncError('APPROVAL_DECLINED', { message: 'Aborted. Nothing was changed.' });
    throw error;
  } finally {
    process.stdin.off('keypress', onKey).off('pause', onPause);
  }
};

const columnsOf = ({ columns }: NodeJS.WriteStream): number => (columns > 0 ? columns : 80);

const toInputConfig = (
  question: string,
  { otherwise, check, echo, disguise }: TextRules,
  columns: number,
): Parameters<typeof input>[0] => ({
  ...layQuestion(question, columns),
  ...(otherwise !== undefined && { default: otherwise }),
  ...(check && { validate: (text: string) => explainRefusal(check(text), columns) }),
  ...(disguise && { transformer: disguise }),
  // inquirer takes the last line for the one that is typed in, so what it means stands above it.
  ...(echo && {
    transformer: (text: string, { isFinal }: { readonly isFinal: boolean }) =>
      `\n  ${truncateText(echo(text), columns - 3)}${isFinal ? '' : `\n> ${text}`}`,
  }),
});

const explainRefusal = (reason: string | undefined, columns: number): string | true =>
  reason === undefined || fitBelowMark(reason, columns);

const toSelectChoice = <Value>(
  { value, title, short, description, refusal }: Choice<Value>,
  columns: number,
): {
  readonly value: Value;
  readonly name: string;
  readonly short?: string;
  readonly description?: string;
  readonly disabled?: string;
} => ({
  value,
  name: truncateText(title, columns - 3),
  ...(short !== undefined && { short: makePrintable(short) }),
  ...(description !== undefined && { description: fitText(description, columns).join('\n') }),
  ...(refusal !== undefined && { disabled: followTitle(`(${refusal})`, title, columns) }),
});

const followTitle = (text: string, title: string, columns: number): string =>
  displayWidth(`- ${title} ${text}`) < columns
    ? makePrintable(text)
    : `\n    ${fitText(text, columns - 4).join('\n    ')}`;
