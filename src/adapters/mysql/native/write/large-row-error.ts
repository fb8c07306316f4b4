import { formatCount } from '../../../../core/plural.js';

/** The highest value of `max_allowed_packet`. */
const MOST_PACKET_BYTES = 1_073_741_824;
const MEBIBYTE = 1_048_576;

/** A row that needs a statement of `max_allowed_packet` of the target, or more, where LOAD DATA may not carry it in pieces. */
export class LargeRowError extends Error {
  override readonly name = 'LargeRowError';
  /** What permits it. */
  readonly hints: readonly string[];

  constructor(statementBytes: number, maxPacketBytes: number) {
    super(
      `a row needs a statement of ${formatCount(statementBytes)} bytes, and max_allowed_packet of the target is ${formatCount(maxPacketBytes)}`,
    );
    const enough = (Math.floor(statementBytes / MEBIBYTE) + 1) * MEBIBYTE;
    this.hints = [
      ...(enough > MOST_PACKET_BYTES ? [] : [`On the target:  SET GLOBAL max_allowed_packet = ${enough}`]),
      'Or let rows travel in pieces of LOAD DATA. On the target:  SET GLOBAL local_infile = ON',
    ];
  }
}
