import { parseYaml } from './parse-yaml.js';
import type { TextRange, YamlEntry, YamlMap, YamlNode } from './yaml-tree.js';

/** A text put in place of a range; an empty range is an insertion. */
interface TextEdit {
  readonly range: TextRange;
  readonly text: string;
}

/**
 * The text of a config file with one setting changed or added; comments, order and all else stay as they are.
 * `literal` is the value as YAML. Undefined when the setting is written in a way that only a person can change, such
 * as an alias. The text must be good YAML.
 */
export const editConfigText = (
  text: string,
  [section, key]: readonly [string, string],
  literal: string,
): string | undefined => {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const root = parseYaml(text).document?.root;
  const edit = findEdit(root, text, { section, key, literal });
  if (!edit) return undefined;
  const inserted = edit.text.replaceAll('\n', newline);
  return text.slice(0, edit.range.start) + inserted + text.slice(edit.range.end);
};

interface Setting {
  readonly section: string;
  readonly key: string;
  readonly literal: string;
}

const findEdit = (
  root: YamlNode | undefined,
  text: string,
  { section, key, literal }: Setting,
): TextEdit | undefined => {
  if (root?.kind !== 'map') return appendLines(text, `${section}:\n  ${key}: ${literal}`);
  const entry = findOwn(root, section);
  if (!entry)
    return isFlow(root, text)
      ? insertInFlow(root, `${section}: {${key}: ${literal}}`)
      : appendLines(text, `${section}:\n  ${key}: ${literal}`);
  const settings = entry.value;
  if (settings.kind !== 'map')
    return isEmpty(entry) ? insertAfterLine(text, entry.keyRange.end, `  ${key}: ${literal}`) : undefined;
  const own = findOwn(settings, key);
  if (own) return replaceValue(own, text, literal);
  if (isFlow(settings, text)) return insertInFlow(settings, `${key}: ${literal}`);
  return insertBeside(settings, text, `${key}: ${literal}`);
};

const findOwn = ({ entries }: YamlMap, key: string): YamlEntry | undefined =>
  entries.find((entry) => entry.key === key && !entry.isMerge);

const isFlow = ({ range }: YamlMap, text: string): boolean => text[range.start] === '{';

/** A value of no characters is located at its key. */
const isEmpty = ({ value, keyRange }: YamlEntry): boolean =>
  value.kind === 'scalar' && value.text === '' && value.range.start === keyRange.start;

/** An alias is located where its anchor stands, which other settings may share. */
const replaceValue = (entry: YamlEntry, text: string, literal: string): TextEdit | undefined => {
  const { value, keyRange } = entry;
  if (isEmpty(entry)) {
    const end = text.indexOf(':', keyRange.end) + 1;
    return { range: { start: end, end }, text: ` ${literal}` };
  }
  const isPlain =
    value.kind === 'scalar' && /^[ \t]*:[ \t]+$/.test(text.slice(keyRange.end, value.range.start));
  return isPlain ? { range: value.range, text: literal } : undefined;
};

const insertInFlow = ({ range, entries }: YamlMap, setting: string): TextEdit => ({
  range: { start: range.start + 1, end: range.start + 1 },
  text: entries.length === 0 ? setting : `${setting}, `,
});

/** Below the last setting of a section, as far to the right as the first one. */
const insertBeside = ({ entries }: YamlMap, text: string, setting: string): TextEdit | undefined => {
  const [first] = entries;
  const last = entries.at(-1);
  if (!first || !last) return undefined;
  const indent = text.slice(text.lastIndexOf('\n', first.keyRange.start) + 1, first.keyRange.start);
  if (indent.trim() !== '') return undefined;
  return insertAfterLine(text, Math.max(last.keyRange.end, last.value.range.end), indent + setting);
};

const insertAfterLine = (text: string, offset: number, line: string): TextEdit => {
  const lineEnd = text.indexOf('\n', offset);
  return lineEnd < 0
    ? appendLines(text, line)
    : { range: { start: lineEnd + 1, end: lineEnd + 1 }, text: `${line}\n` };
};

const appendLines = (text: string, lines: string): TextEdit => ({
  range: { start: text.length, end: text.length },
  text: `${text === '' || text.endsWith('\n') ? '' : '\n'}${lines}\n`,
});
