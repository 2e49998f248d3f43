/** An old install can't be taken over. The message says why, and what to do; nothing was changed. */
export class AdoptFault extends Error {
  override readonly name = 'AdoptFault';
  /** It was asked for in a wrong way, such as from a wrong directory. */
  readonly askedWrongly: boolean;

  constructor(message: string, options: { readonly askedWrongly?: boolean } = {}) {
    super(message);
    this.askedWrongly = options.askedWrongly ?? false;
  }
}
