import type { Rolldown } from 'vite';

/**
 * Few files: a browser asks a gateway for six at a time, and on a phone each asking costs a moment. What the program
 * begins with is cut in three, which begin one after the other, so that the browser can paint in between.
 */
export const groups: Rolldown.CodeSplittingOptions = {
  groups: [
    {
      name: 'react',
      test: /node_modules\/(react|react-dom|scheduler)\//,
      tags: ['$initial'],
      priority: 4,
    },
    {
      name: 'contract',
      test: /node_modules\/(zod|eventsource-parser)\/|packages\/(contract|client)\/|app\/no-made-code/,
      tags: ['$initial'],
      priority: 3,
    },
    // All else that it begins with, beside what starts it.
    { name: 'program', test: /^(?!.*\/src\/main\.tsx)/, tags: ['$initial'], priority: 2 },
    // What several pages are made of, but nothing that comes when it is first used.
    {
      name: 'parts',
      test: /src\/(ui|app|api)\/(?!menu-parts|dialog-parts)|i18n\/(overview|format)|lucide-react|(react-query|query-core)\//,
      minShareCount: 2,
      includeDependenciesRecursively: false,
      priority: 1,
    },
    // What the list of chats is made of; others use some of it, too.
    {
      name: 'chats',
      test: /src\/(i18n\/chats|pages\/chats\/(chat-(place|queries|state)|chats-context|seen-messages|plain-excerpt|turn\/turn-feeds?)\.)/,
      minShareCount: 2,
      includeDependenciesRecursively: false,
      priority: 1,
    },
    {
      name: 'chat-calls',
      test: /node_modules\/zod\/|packages\/contract\/src\/(turn-|operations\/(chat|conversations|gateway|search|turns)\.)/,
      minShareCount: 2,
      includeDependenciesRecursively: false,
      priority: 1,
    },
    // What several views of one page are made of.
    {
      name: (id) => /src\/(?:pages|i18n)\/(\w+)/.exec(id)?.[1] ?? null,
      debugName: 'pages',
      test: /src\/(pages|i18n)\//,
      minShareCount: 2,
      includeDependenciesRecursively: false,
      entriesAware: true,
      entriesAwareMergeThreshold: 1500,
    },
    {
      name: 'calls',
      test: /packages\/contract\//,
      minShareCount: 2,
      includeDependenciesRecursively: false,
      entriesAware: true,
      entriesAwareMergeThreshold: 1500,
    },
  ],
};

/** A part that several views share would be named after all of them, with characters that the gateway does not serve. */
export const nameOfPart = ({ name }: { readonly name: string }): string =>
  `assets/${name.split('~', 1)[0]}-[hash].js`;

/** The first page that is shown at an address. */
interface FirstPage {
  /** `routes.ts` of the page says what else there is. */
  readonly views: readonly string[];
  /** What it asks the gateway for, whoever looks at it: `GET` of these paths. */
  readonly calls: readonly string[];
}

/** By the first part of the address. */
const firstPages: Readonly<Record<string, FirstPage>> = {
  '': {
    views: ['overview/overview-page.tsx'],
    calls: ['/api/overview', '/api/metrics', '/api/gateway/processes'],
  },
  chats: { views: ['chats/chats-page.tsx'], calls: ['/api/chats'] },
  tasks: { views: ['tasks/task-list-page.tsx'], calls: [] },
  cron: { views: ['cron/cron-page.tsx', 'cron/cron-home.tsx'], calls: [] },
  memory: { views: ['memory/memory-page.tsx'], calls: [] },
};

/** What has been built, by the names of the files. */
export class Build {
  readonly #chunks: readonly Rolldown.OutputChunk[];

  constructor(bundle: Rolldown.OutputBundle) {
    this.#chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
  }

  /** The files that the program begins with, in the order in which they begin; the last one starts it. */
  program(): string[] {
    const entries = this.#chunks.filter(({ isEntry }) => isEntry);
    return [...new Set(entries.flatMap(({ fileName }) => this.#withImports(fileName)))];
  }

  /** What `public/early.js` asks for beside the program, by the first part of the address. */
  pages(): Record<string, { readonly parts: string[]; readonly calls: readonly string[] }> {
    const program = new Set(this.program());
    const partsOf = (view: string): string[] => {
      const chunk = this.#chunks.find(({ facadeModuleId }) =>
        facadeModuleId?.endsWith(`/pages/${view}`),
      );
      if (chunk === undefined) throw new Error(`there is no chunk of ${view}`);
      return this.#withImports(chunk.fileName).filter((file) => !program.has(file));
    };
    return Object.fromEntries(
      Object.entries(firstPages).map(([name, { views, calls }]) => [
        name,
        { parts: [...new Set(views.flatMap(partsOf))], calls },
      ]),
    );
  }

  /** A file behind all that it imports. */
  #withImports(file: string, seen = new Set<string>()): string[] {
    const chunk = this.#chunks.find(({ fileName }) => fileName === file);
    if (chunk === undefined || seen.has(file)) return [];
    seen.add(file);
    return [...chunk.imports.flatMap((each) => this.#withImports(each, seen)), file];
  }
}
