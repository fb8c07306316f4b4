import { makePrintable } from '../core/printable.js';
import { type Color, type Look, paint } from './paint.js';

const COLORS: Readonly<Record<string, Color>> = { '-': 'red', '+': 'green' };

/** Lines of a definition that go and come, as a part of what they belong to. The sign stays plain, for lines that are broken. */
export const renderDiff = (diff: readonly string[], look: Look): readonly string[] =>
  diff.map((line) => {
    const [, sign = '', text = ''] = /^([-+] )?([^]*)$/.exec(line) ?? [];
    const color = COLORS[sign.charAt(0)];
    const shown = makePrintable(indent(text));
    return `    ${sign}${color === undefined ? shown : paint(look, color, shown)}`;
  });

/** What people indent by tabs would be printed as `\t`. */
const indent = (text: string): string => text.replace(/^[\t ]+/, (spaces) => spaces.replaceAll('\t', '    '));

/** The same in a pipe: `diff`, database, kind, name, line. */
export const pipeDiff = (
  database: string,
  {
    kind,
    name,
    diff = [],
  }: { readonly kind: string; readonly name: string; readonly diff?: readonly string[] | undefined },
): readonly string[] =>
  diff.map((line) => ['diff', database, kind, name, line].map(makePrintable).join('\t'));
