import { appendFileSync } from 'node:fs';
import type { DatabaseOutcome, RunSummary } from '../../core/run/outcome.js';
import { makePrintable } from '../../core/printable.js';
import { fencedBlock } from '../../render/markdown.js';
import { printLines } from '../../render/print-lines.js';
import { type RecapView, renderRecap } from '../../render/recap.js';
import type { Environment } from './environment.js';

/** A workflow command ends with its line, and would read `%0A` as a line end. */
const escapeData = (text: string): string => makePrintable(text).replaceAll('%', '%25');

const escapeProperty = (text: string): string =>
  escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** Under GitHub Actions: an annotation for every database that failed, and the recap on the page of the job. */
export const reportToGithub = (
  variables: Environment['variables'],
  summary: RunSummary,
  view: RecapView,
  { command, say }: { readonly command: (line: string) => void; readonly say: (line: string) => void },
): void => {
  if (variables['GITHUB_ACTIONS'] !== 'true') return;
  for (const outcome of summary.outcomes) if (outcome.status === 'failed') command(annotate(outcome));
  const page = variables['GITHUB_STEP_SUMMARY'];
  if (page === undefined || page === '') return;
  const look = { isTerminal: true, hasColor: false, columns: 120 };
  const recap = printLines(renderRecap(summary, look, view), look);
  const lines = ['### mysql-sync', '', ...fencedBlock('text', recap.replace(/\n$/, '').split('\n'))];
  try {
    appendFileSync(page, `${lines.join('\n')}\n`);
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    say(`warning: cannot write to GITHUB_STEP_SUMMARY (${code})`);
  }
};

const annotate = ({ to, error }: DatabaseOutcome): string =>
  `::error title=mysql-sync ${escapeProperty(to)}::${escapeData(error ? `[${error.code}] ${error.message}` : 'failed')}\n`;
