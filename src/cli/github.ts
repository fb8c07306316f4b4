import { appendFileSync } from 'node:fs';
import type { DatabaseOutcome, RunSummary } from '../core/outcome.js';
import { type RecapView, renderRecap } from '../render/recap.js';
import type { Environment } from './environment.js';

/** A workflow command ends with its line, and reads `%`, CR and LF in escapes. */
const escapeCommand = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

/** Under GitHub Actions: an annotation for every database that failed, and the recap on the page of the job. */
export const reportToGithub = (
  variables: Environment['variables'],
  summary: RunSummary,
  view: RecapView,
  say: (line: string) => void,
): void => {
  if (variables['GITHUB_ACTIONS'] !== 'true') return;
  for (const outcome of summary.outcomes) if (outcome.status === 'failed') say(annotate(outcome));
  const page = variables['GITHUB_STEP_SUMMARY'];
  if (page === undefined || page === '') return;
  const lines = renderRecap(summary, { isTerminal: true, hasColor: false, columns: 120 }, view);
  appendFileSync(page, `### mysql-sync\n\n\`\`\`text\n${lines.join('\n')}\n\`\`\`\n`);
};

const annotate = ({ to, error }: DatabaseOutcome): string =>
  `::error title=mysql-sync ${escapeCommand(to).replaceAll(/[:,]/g, ' ')}::${escapeCommand(error ? `[${error.code}] ${error.message}` : 'failed')}`;
