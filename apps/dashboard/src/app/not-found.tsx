import type { ReactNode } from 'react';

/** Also for addresses outside of the page, so that it is a whole document. */
export default function NotFound(): ReactNode {
  return (
    <main>
      <h1>404</h1>
      <p>
        There is nothing here. <a href="/">Dashboard</a>
      </p>
    </main>
  );
}
