import { styleText } from 'node:util';
import { makePrintable } from '../../core/printable.js';
import { displayWidth } from '../../render/display-width.js';
import { fitLines } from '../../render/fit-lines.js';

/** The text in lines of a terminal, printable and broken between words: inquirer writes them as they are. */
export const fitText = (text: string, columns: number): readonly string[] =>
  fitLines([makePrintable(text)], { isTerminal: true, hasColor: false, columns });

/** inquirer's mark before a question, and before what is wrong with an answer; lines that follow stand right of it. */
const MARK_WIDTH = 2;
const NEXT_LINE = `\n${' '.repeat(MARK_WIDTH)}`;

/** The same right of a mark; the first line comes without it. */
export const fitBelowMark = (text: string, columns: number): string =>
  fitText(text, columns - MARK_WIDTH).join(NEXT_LINE);

/** What every prompt of inquirer takes. */
interface LaidQuestion {
  readonly message: string;
  readonly theme: {
    readonly style: Readonly<Record<'answer' | 'defaultAnswer' | 'help', (text: string) => string>>;
  };
}

/** The question broken between words; what inquirer puts behind it goes to a line of its own where it has no room. */
export const layQuestion = (question: string, columns: number): LaidQuestion => {
  // One column less: a full line would go on with the blank that inquirer puts behind the question.
  const message = fitBelowMark(question, columns - 1);
  const room = columns - MARK_WIDTH - displayWidth(message.split(NEXT_LINE).at(-1) ?? '');
  const follow = (text: string): string => (displayWidth(text) < room ? '' : NEXT_LINE) + makePrintable(text);
  return {
    message,
    theme: {
      style: {
        answer: (text) => styleText('cyan', follow(text)),
        defaultAnswer: (text) => styleText('dim', follow(`(${text})`)),
        help: (text) => styleText('dim', follow(text)),
      },
    },
  };
};
