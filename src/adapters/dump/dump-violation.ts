/** The stream is not what a faithful dump looks like. The message is a clause with the dump as `it`. */
export class DumpViolation extends Error {
  override readonly name = 'DumpViolation';
}
