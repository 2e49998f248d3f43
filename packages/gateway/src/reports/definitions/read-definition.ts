import type { z } from 'zod';
import { type ReportDefinition, reportDefinition } from './definition.ts';

/** Something in a file that is wrong: where, and what. */
export interface DefinitionFault {
  /** From 1; undefined: it is the file as a whole. */
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** `sections.0.title`; empty: the whole. */
  readonly field: string;
  readonly message: string;
}

export type ReadDefinition =
  | { readonly kind: 'definition'; readonly definition: ReportDefinition }
  | { readonly kind: 'faults'; readonly faults: readonly DefinitionFault[] };

/** Far more than anybody writes by hand. */
export const longestDefinition = 256 * 1024;

/** Read a report's file. Never rejects: all that is wrong with it is told, with its line. */
export async function readDefinition(text: string): Promise<ReadDefinition> {
  // Only who has reports needs it.
  const { isNode, LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number | undefined) => {
    if (offset === undefined) return { line: undefined, column: undefined };
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  if (document.errors.length > 0) {
    const faults = document.errors.map(({ pos, message }) => ({
      ...at(pos[0]),
      field: '',
      message,
    }));
    return { kind: 'faults', faults };
  }
  const value = plainValue(() => document.toJS({ maxAliasCount: 50 }));
  if ('fault' in value)
    return { kind: 'faults', faults: [{ ...at(0), field: '', message: value.fault }] };
  const parsed = reportDefinition.safeParse(value.value, {
    error: ({ code, input }) =>
      code === 'invalid_type' && input === undefined ? 'is missing' : undefined,
  });
  if (parsed.success) return { kind: 'definition', definition: parsed.data };
  /** What is missing has no place: that of what it is missing in is told. */
  const placeOf = (path: readonly PropertyKey[]): number | undefined => {
    for (let end = path.length; end >= 0; end -= 1) {
      const node: unknown =
        end === 0 ? document.contents : document.getIn(path.slice(0, end), true);
      if (isNode(node) && node.range) return node.range[0];
    }
    return undefined;
  };
  const faults = parsed.error.issues
    .flatMap((issue) => faultsOf(issue))
    .map(({ path, message }) => ({
      ...at(placeOf(path)),
      field: path.map(String).join('.'),
      message,
    }));
  return { kind: 'faults', faults };
}

function plainValue(make: () => unknown): { value: unknown } | { fault: string } {
  try {
    return { value: make() };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

type Issue = z.core.$ZodIssue;

/** Zod's own words, but of a name that nobody knows: that one is pointed at. */
const faultsOf = (issue: Issue): { path: readonly PropertyKey[]; message: string }[] =>
  issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => ({
        path: [...issue.path, key],
        message: 'there is no setting of that name',
      }))
    : [{ path: issue.path, message: issue.message }];

/** `daily-zh.yaml:3:1: sections.0.title: …`, as editors and terminals know it. */
export const faultLine = (
  file: string,
  { line, column, field, message }: DefinitionFault,
): string =>
  [file, line, column].filter((part) => part !== undefined).join(':') +
  `: ${field === '' ? '' : `${field}: `}${message}`;
