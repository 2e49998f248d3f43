import { type Audited, GatewayError, type Operation } from '@mini-claude-bot/contract';
import type { Audit } from '../audit/audit.ts';
import { type CallOrigin, deedOfCall } from '../audit/deed-of-call.ts';

/** One call as the audit follows it; of an operation that is not audited, nothing is told. */
export class AuditedCall {
  readonly #audit: Audit;
  readonly #operation: Operation;
  readonly #origin: CallOrigin;
  #entry: number | undefined;

  constructor(audit: Audit, operation: Operation, origin: CallOrigin) {
    this.#audit = audit;
    this.#operation = operation;
    this.#origin = origin;
  }

  /** @throws what the parser throws: a caller that may not do this is told of */
  parse<T>(parse: () => T): T {
    try {
      return parse();
    } catch (error) {
      if (
        isAudited(this.#operation) &&
        error instanceof GatewayError &&
        error.code === 'forbidden'
      ) {
        this.#audit.noteRefused(deedOfCall(this.#operation, this.#origin, {}), error);
      }
      throw error;
    }
  }

  /**
   * It is being done. Once only: a handler of an operation that is `auditedWhenStored` calls it, with the
   * ids that are known by then, in the transaction that stores it, and who calls, where that was not known before.
   */
  begin(
    input: Readonly<Record<string, unknown>>,
    more: Readonly<Record<string, string>> = {},
    caller = this.#origin.caller,
  ): void {
    if (!isAudited(this.#operation) || this.#entry !== undefined) return;
    const deed = deedOfCall(this.#operation, { ...this.#origin, caller }, input);
    this.#entry = this.#audit.begin({ ...deed, about: { ...deed.about, ...more } });
  }

  /** @throws what `act` throws; SQLite's error when the entry can't be written, and nothing is done then */
  async run<T>(input: Readonly<Record<string, unknown>>, act: () => T | Promise<T>): Promise<T> {
    if (this.#operation.auditedWhenStored !== true) this.begin(input);
    try {
      const answer = await act();
      this.#end();
      return answer;
    } catch (error) {
      this.#end(error);
      throw error;
    }
  }

  #end(error?: unknown): void {
    if (this.#entry !== undefined) this.#audit.end(this.#entry, error);
  }
}

const isAudited = (operation: Operation): operation is Operation & { readonly audit: Audited } =>
  operation.audit !== undefined;
