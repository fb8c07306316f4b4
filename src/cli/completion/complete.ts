import { readFileSync } from 'node:fs';
import { isPrintable } from '../../core/printable.js';
import { listNames } from '../services/completion-names.js';
import { type Candidate, type Candidates, type CommandFacts, findCandidates } from './find-candidates.js';

/** Beside `dist`, and beside `src`. */
const MANIFEST = new URL('../../../oclif.manifest.json', import.meta.url);

/**
 * What the shells' scripts ask for at the Tab key: `files`, or `words` and then a line each, a tab before the meaning.
 * oclif takes longer to load than a person wants to wait, so bin/run.js comes here without it. Words may be text of
 * others: the scripts quote them, and what is not printable, such as a line end, is left out.
 */
export const completeWords = async (words: readonly string[]): Promise<string> => {
  const { commands } = JSON.parse(readFileSync(MANIFEST, 'utf8')) as {
    readonly commands: Readonly<Record<string, CommandFacts>>;
  };
  const { candidates, typed } = findCandidates(Object.values(commands), words);
  if (candidates.kind === 'files') return 'files\n';
  const found = (await listWords(candidates)).filter(
    ({ word }) => word.startsWith(typed) && word !== '' && isPrintable(word),
  );
  const lines = found.map(({ word, meaning }) => (meaning === undefined ? word : `${word}\t${meaning}`));
  return ['words', ...lines, ''].join('\n');
};

const listWords = async (
  candidates: Exclude<Candidates, { readonly kind: 'files' }>,
): Promise<readonly Candidate[]> =>
  candidates.kind === 'words' ? candidates.words : (await listNames(candidates)).map((word) => ({ word }));
