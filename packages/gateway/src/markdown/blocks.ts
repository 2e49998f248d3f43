/** A stretch of text with the same styles everywhere. */
export interface TextRun {
  readonly kind: 'text';
  readonly text: string;
  readonly bold: boolean;
  readonly italic: boolean;
  readonly strike: boolean;
  readonly code: boolean;
  /** Where it leads: an http or https address. */
  readonly href?: string;
}

export type Inline = TextRun | { readonly kind: 'break' };

export type ColumnAlign = 'left' | 'center' | 'right';

export interface ListItem {
  /** Of a task list; undefined: no task. */
  readonly done?: boolean;
  readonly blocks: readonly Block[];
}

/** What a text in Markdown consists of, free of how it is written and of how it will be shown. */
export type Block =
  | { readonly kind: 'paragraph' | 'heading'; readonly content: readonly Inline[] }
  | { readonly kind: 'list'; readonly start?: number; readonly items: readonly ListItem[] }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | { readonly kind: 'code'; readonly text: string }
  | {
      readonly kind: 'table';
      readonly header: readonly (readonly Inline[])[];
      readonly rows: readonly (readonly (readonly Inline[])[])[];
      readonly aligns: readonly ColumnAlign[];
    }
  | { readonly kind: 'rule' };

/** The words alone. */
export const plainOf = (content: readonly Inline[]): string =>
  content.map((each) => (each.kind === 'break' ? ' ' : each.text)).join('');
