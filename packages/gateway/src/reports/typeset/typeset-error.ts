/** A report could not be set. The message is for its owner: what is wrong, and what to do. */
export class TypesetError extends Error {
  override readonly name = 'TypesetError';
  /** `missing`: a program or a font is not installed. `template`: the owner's template. `failed`: all else. */
  readonly fault: 'missing' | 'template' | 'timed_out' | 'failed';

  constructor(fault: TypesetError['fault'], message: string) {
    super(message);
    this.fault = fault;
  }
}
