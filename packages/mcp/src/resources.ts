import type { Resource, ResourceTemplate } from '@modelcontextprotocol/sdk/types.js';
import type { Tool } from './tool.ts';

/** Resources of one page of the list. */
const pageSize = 100;

const fieldsIn = (template: string): string[] =>
  [...template.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

/** Something that can be read by an address, as the content of a tool's answer. */
export class Resources {
  readonly #tools: readonly Tool[];
  readonly #readers: readonly { readonly template: string; readonly tool: Tool }[];

  constructor(tools: readonly Tool[]) {
    this.#tools = tools;
    this.#readers = tools.flatMap((tool) => {
      const { resource } = tool.spec;
      // A field that the server fills in is none that an address can name.
      const readable = resource !== undefined && fieldsIn(resource).every((f) => hasField(tool, f));
      return readable ? [{ template: resource, tool }] : [];
    });
  }

  get any(): boolean {
    return this.#readers.length > 0;
  }

  templates(): ResourceTemplate[] {
    return this.#readers
      .filter(({ template }) => fieldsIn(template).length > 0)
      .map(({ template, tool }) => ({ uriTemplate: template, ...described(tool) }));
  }

  /** Those without a field in their address. */
  fixed(): Resource[] {
    return this.#readers
      .filter(({ template }) => fieldsIn(template).length === 0)
      .map(({ template, tool }) => ({ uri: template, ...described(tool) }));
  }

  /** Tools whose answers name resources. */
  listers(): { readonly tool: Tool; readonly resourceOf: (item: unknown) => Resource }[] {
    return this.#tools.flatMap((tool) => {
      const reader = this.#readers.find(({ template }) => template === tool.spec.lists);
      if (reader === undefined) return [];
      return [{ tool, resourceOf: (item: unknown) => resourceOf(reader, item) }];
    });
  }

  /** The tool that reads an address, and its arguments; undefined: there is none. */
  find(uri: string): { readonly tool: Tool; readonly given: Record<string, string> } | undefined {
    for (const { template, tool } of this.#readers) {
      const given = matched(template, uri);
      if (given !== undefined) return { tool, given };
    }
    return undefined;
  }
}

const hasField = ({ fields }: Tool, field: string): boolean => [...fields.values()].includes(field);

const described = ({ listing }: Tool) => ({
  name: listing.name,
  title: listing.title ?? listing.name,
  description: listing.description ?? '',
  mimeType: 'application/json',
});

function resourceOf({ template, tool }: { template: string; tool: Tool }, item: unknown): Resource {
  const values = typeof item === 'object' && item !== null ? item : {};
  const textOf = (name: string): string => String(Reflect.get(values, name) ?? '');
  const name = fieldsIn(template).map(textOf).join(' ');
  const uri = template.replace(/\{(\w+)\}/g, (_, field: string) =>
    encodeURIComponent(textOf(field)),
  );
  return { uri, name, title: `${tool.spec.title}: ${name}`, mimeType: 'application/json' };
}

function matched(template: string, uri: string): Record<string, string> | undefined {
  const names = fieldsIn(template);
  const pattern = template
    .split(/\{\w+\}/)
    .map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('([^/?#]+)');
  const match = new RegExp(`^${pattern}$`).exec(uri);
  if (match === null) return undefined;
  try {
    return Object.fromEntries(
      names.map((name, n) => [name, decodeURIComponent(match[n + 1] ?? '')]),
    );
  } catch {
    return undefined;
  }
}

/** One page of a list, and where the next begins. An unknown cursor begins anew. */
export function pageOf<T>(
  items: readonly T[],
  cursor: string | undefined,
): { items: readonly T[]; nextCursor?: string } {
  const start = Number(cursor ?? 0);
  const begin = Number.isSafeInteger(start) && start > 0 ? start : 0;
  const end = begin + pageSize;
  const page = items.slice(begin, end);
  return end < items.length ? { items: page, nextCursor: String(end) } : { items: page };
}
