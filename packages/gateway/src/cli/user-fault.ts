/** Something that the person at the terminal can put right. The message is for them; no stack is shown. */
export class UserFault extends Error {
  override readonly name = 'UserFault';
  /** 1: it could not be done; 2: it was asked for in a wrong way. */
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}
