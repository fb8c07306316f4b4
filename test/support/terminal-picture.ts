/** A line of a terminal in pieces that are painted alike: the codes in force, such as `1;31`. */
export type Painted = readonly { readonly text: string; readonly codes: string }[];

const COLORS: Readonly<Record<string, string>> = {
  31: '#ff7b72',
  32: '#7ee787',
  33: '#f2cc60',
  34: '#79c0ff',
  36: '#76e3ea',
  90: '#8b949e',
};
const WIDTH = 8.4;
const HEIGHT = 18;
const MARGIN = 16;

/** An SVG of what stands in a terminal of so many columns. */
export const renderPicture = (lines: readonly Painted[], columns: number, label: string): string => {
  const width = Math.ceil(columns * WIDTH + 2 * MARGIN);
  const height = lines.length * HEIGHT + 2 * MARGIN;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(height)}" width="${String(width)}" height="${String(height)}" role="img" aria-label="${label}">
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#e6edf3">
${lines.map(renderLine).join('\n')}
</g>
</svg>
`;
};

/** Each piece has its own place, so that columns stand below each other in any monospaced font. */
const renderLine = (pieces: Painted, row: number): string => {
  let column = 0;
  const spans = pieces.map(({ text, codes }) => {
    const width = Array.from(text).length;
    const span = text.trim()
      ? `<tspan x="${(MARGIN + column * WIDTH).toFixed(1)}" textLength="${(width * WIDTH).toFixed(1)}"${styleOf(codes)}>${escapeXml(text)}</tspan>`
      : '';
    column += width;
    return span;
  });
  return `<text y="${String(MARGIN + (row + 1) * HEIGHT - 5)}" xml:space="preserve">${spans.join('')}</text>`;
};

const styleOf = (codes: string): string => {
  const parts = codes.split(';');
  const color = parts.map((code) => COLORS[code]).find(Boolean);
  return [
    color === undefined ? '' : ` fill="${color}"`,
    parts.includes('1') ? ' font-weight="bold"' : '',
    parts.includes('2') ? ' fill-opacity="0.6"' : '',
  ].join('');
};

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The words of a picture, line by line; what differs from run to run is `#`: figures with their units, and run ids. */
export const readPicture = (svg: string): readonly string[] =>
  [...svg.matchAll(/<text [^>]*>(.*?)<\/text>/g)].map(([, spans = '']) =>
    [...spans.matchAll(/<tspan [^>]*>(.*?)<\/tspan>/g)]
      .map(([, text = '']) => text)
      .join(' ')
      .replaceAll(/\brun [0-9a-z]{6}\b/g, 'run #')
      .replaceAll(/\b[\w.-]*\d{8}T\w*[\w.-]*/g, '#')
      .replaceAll(/\d[\d.,\u202f ]*(ms|s|m|min|h|B|KiB|MiB|GiB)?\b(\/s)?/g, '#')
      .replaceAll(/\s+/g, ' ')
      .replaceAll(/\bwritten (just now|# ago)/g, 'written #')
      .replaceAll(/#( #)+/g, '#')
      .trim(),
  );
