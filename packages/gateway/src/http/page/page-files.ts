import { statSync } from 'node:fs';
import { join } from 'node:path';

/** What is asked for, as far as the page is concerned. */
export type PageFile =
  | { readonly kind: 'file'; readonly path: string }
  /** A place inside the page, which the page itself finds: `/chats/family`. */
  | { readonly kind: 'place' };

/** What a browser says of what it asks for. */
export interface PageRequest {
  readonly method: string;
  /** As it came, with its query. */
  readonly url: string;
  readonly accept: string | undefined;
}

/** Addresses that are the API's, whether there is something or not. */
const ofApi = /^\/(api|mcp|docs|metrics|health|openapi\.json)(\/|$)/;

/** Names of files that a build makes. None leads upwards, and none is hidden. */
const safePath = /^(\/[\w@-][\w@.-]*)+$/;

/** Which requests are for the page, and which of its files answers them. */
export class PageFiles {
  readonly #directory: string | undefined;

  /** @param directory of the built page; it may come and go while the gateway runs */
  constructor(directory: string | undefined) {
    this.#directory = directory;
  }

  get directory(): string | undefined {
    return this.#directory;
  }

  /** Whether the page is built. */
  get there(): boolean {
    return this.#has('/index.html');
  }

  /** Undefined: it is not for the page. */
  find({ method, url, accept }: PageRequest): PageFile | undefined {
    if (method !== 'GET' && method !== 'HEAD') return undefined;
    const path = url.split(/[?#]/, 1)[0] ?? '';
    if (ofApi.test(path)) return undefined;
    if (path === '/') return { kind: 'place' };
    if (safePath.test(path) && this.#has(path)) return { kind: 'file', path };
    return accept?.includes('text/html') ? { kind: 'place' } : undefined;
  }

  #has(path: string): boolean {
    if (this.#directory === undefined) return false;
    return statSync(join(this.#directory, path), { throwIfNoEntry: false })?.isFile() ?? false;
  }
}
