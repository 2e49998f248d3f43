/** A run can't come to its end. The message is for the owner: what is wrong, and what to do. */
export class RunFailure extends Error {
  override readonly name = 'RunFailure';
}
