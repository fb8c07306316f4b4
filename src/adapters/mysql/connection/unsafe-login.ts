/** The server asked for the password itself on a wire where it would not be safe. Nothing of it was sent. */
export class UnsafeLogin extends Error {
  override readonly name = 'UnsafeLogin';

  constructor() {
    super('the connection is not encrypted, and the server asks for the password itself');
  }
}
