import type { ApplyEnd } from '../core/run/apply-end.js';
import { FORMAT_VERSION, toDocument } from '../core/document.js';
import { makePrintable, toPrintableJson } from '../core/printable.js';
import { printLines } from './print-lines.js';
import { renderRecap } from './recap.js';

/** Chats cut longer messages; the rest of the document has everything. */
const MOST_LINES = 40;
const MOST_CHARACTERS = 8000;

const LOOK = { isTerminal: false, hasColor: false, columns: 120 };

/** The JSON of a notice: how an apply ended, and the same in `text`, which Slack and Teams show. */
export const renderNotice = (end: ApplyEnd): string =>
  toPrintableJson({
    text: renderText(end),
    format_version: FORMAT_VERSION,
    kind: 'apply-ended',
    ...toDocument(end),
  });

const renderText = (end: ApplyEnd): string => {
  const { plan, target, exitCode } = end;
  const what = `${plan === null ? '' : ` of ${plan}`}${target === null ? '' : ` to ${target}`}`;
  const how = exitCode === 0 ? 'succeeded' : `ended with exit code ${String(exitCode)}`;
  const details = detailLines(end);
  const shown = details.length === 0 ? [] : ['```', ...cut(details), '```'];
  return [escape(makePrintable(`Apply${what} ${how}`)), ...shown.map(escape)].join('\n');
};

const detailLines = (end: ApplyEnd): readonly string[] => {
  const { error, outcomes, run, target } = end;
  const failure =
    error === null ? [] : [`error[${error.code}] ${makePrintable(error.message)}`, ...error.hints];
  if (outcomes.length === 0) return failure;
  const view = {
    run: run ?? 'of several processes',
    target: target ?? '',
    kind: 'apply',
    retry: undefined,
    undo: undefined,
    logPath: undefined,
  } as const;
  const recap = printLines(renderRecap(end, LOOK, view), LOOK)
    .trimEnd()
    .split('\n');
  return [...failure, ...recap];
};

/** A fence of three backticks is what chats know, so no line may have one. */
const cut = (lines: readonly string[]): readonly string[] => {
  const text = lines.slice(0, MOST_LINES).join('\n').slice(0, MOST_CHARACTERS).replaceAll('`', "'");
  const isWhole = lines.length <= MOST_LINES && text.length < MOST_CHARACTERS;
  return [...text.split('\n'), ...(isWhole ? [] : ['...'])];
};

/** Slack reads `<!channel>` and `<https://...>` as a call and a link, also inside a fence. A name must be neither. */
const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
