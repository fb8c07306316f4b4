/** The person left a question with Esc: the one before it is asked again. Thrown, because questions nest. */
export class EscapePressed extends Error {
  override readonly name = 'EscapePressed';
}
