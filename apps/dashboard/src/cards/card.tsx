import type { ReactNode } from 'react';

/** A part of the page, with its name. */
export function Card({
  id,
  title,
  note,
  wide = false,
  children,
}: {
  readonly id: string;
  readonly title: string;
  readonly note?: ReactNode;
  /** Over the whole width. */
  readonly wide?: boolean;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <section className={wide ? 'card wide' : 'card'} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {note !== undefined && <p className="note">{note}</p>}
      </header>
      {children}
    </section>
  );
}

/** Figures with their names. */
export function Figures({
  of,
}: {
  readonly of: readonly (readonly [name: string, value: ReactNode])[];
}): ReactNode {
  return (
    <dl className="figures">
      {of.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A share of a whole, from 0 to 100; what it means stands beside it in words. */
export function Bar({ percent }: { readonly percent: number }): ReactNode {
  return (
    <svg className="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      <rect className="track" width={100} height={6} rx={3} />
      <rect className="fill" width={Math.max(0, Math.min(100, percent))} height={6} rx={3} />
    </svg>
  );
}
