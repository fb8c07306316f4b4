import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** What must work, and the test that shows it, as the pages of docs/ list them. */

const ROOT = resolve(import.meta.dirname, '../..');
export const PAGES = ['coverage-terminal.md', 'coverage-around.md', 'safety.md'] as const;

export interface Proof {
  /** The line of the table. */
  readonly line: string;
  readonly what: string;
  /** From the root of the repository. */
  readonly file: string;
  /** Of a test or of a `describe`, as it is written. Empty where the line has another form. */
  readonly title: string;
}

export const readProofs = (page: string): readonly Proof[] => {
  const text = readFileSync(join(ROOT, 'docs', page), 'utf8');
  const tables = [...text.matchAll(/^\| what +\| file +\| test +\|\n\|.*\n((?:\|.*\n)+)/gm)];
  const lines = tables.flatMap(([, body = '']) => body.trimEnd().split('\n'));
  return lines.map((line) => {
    const [, what = '', file = '', title = ''] =
      /^\| (.*?) +\| `(test\/[^`]*)` +\| (.*?) +\|$/.exec(line) ?? [];
    return { line, what, file, title: title.replaceAll('\\', '') };
  });
};

/** How a test ended. */
export interface TestEnd {
  readonly file: string;
  /** Its own, and those of what it stands in. */
  readonly titles: readonly string[];
  readonly hasPassed: boolean;
}

/** The proofs that no test gave: a test that was skipped proves nothing. */
export const listUnproven = (proofs: readonly Proof[], ends: readonly TestEnd[]): readonly Proof[] =>
  proofs.filter(({ file, title }) => {
    const pattern = patternOf(title);
    return !ends.some(
      (end) => end.hasPassed && end.file === file && end.titles.some((one) => pattern.test(one)),
    );
  });

/** What `each` and a template put into a title stands for anything. */
const PLACE = /%[sdifjo]|\$\{[^}]*\}|\$[a-zA-Z_][\w.]*/;

const patternOf = (title: string): RegExp =>
  new RegExp(`^${title.split(PLACE).map(escapeRegExp).join('.*')}$`, 's');

const escapeRegExp = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
