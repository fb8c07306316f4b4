import { displayWidth } from '../../render/display-width.js';
import type { Look } from '../../render/paint.js';
import { printLines } from '../../render/print-lines.js';

/** The terminal shows what stands between these at once. One that does not know them ignores them, as any private mode. */
const BEGIN_FRAME = '\u001b[?2026h';
const END_FRAME = '\u001b[?2026l';
const ERASE_BELOW = '\u001b[J';
const ERASE_REST = '\u001b[K';

/** Lines at the end of a terminal that are drawn again and again, below others that stay. */
export class FramePainter {
  readonly #write: (text: string) => void;
  #drawn: readonly string[] = [];
  #columns = 0;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** Draws `lines` where the last frame was, below `above`, which is not drawn again. */
  draw(above: readonly string[], lines: readonly string[], look: Look): void {
    const isSameShape = above.length === 0 && look.columns === this.#columns;
    const body = isSameShape
      ? lines.map((line, index) => this.#change(line, index, look)).join('') + ERASE_BELOW
      : ERASE_BELOW + printLines([...above, ...lines], look);
    this.#write(BEGIN_FRAME + this.#toTop(look.columns) + body + END_FRAME);
    this.#drawn = lines;
    this.#columns = look.columns;
  }

  #change(line: string, index: number, look: Look): string {
    if (this.#drawn[index] === line) return '\n';
    return printLines([line], look).replace(/\n$/, `${ERASE_REST}\n`);
  }

  /** Terminals break lines anew when they become narrower, so that a frame takes more rows than it has lines. */
  #toTop(columns: number): string {
    const rows = this.#drawn.reduce(
      (sum, line) => sum + Math.max(1, Math.ceil(displayWidth(line) / Math.max(1, columns))),
      0,
    );
    return rows === 0 ? '\r' : `\r\u001b[${String(rows)}A`;
  }
}
