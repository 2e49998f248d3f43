import { type ReactNode, useEffect, useState } from 'react';

/** Longer code is shown without colours: finding them would hold the page up. */
const longest = 40_000;

/** The code, with colours once the part of the page that knows how has come. */
export function useHighlight(code: string, language: string): ReactNode {
  const [coloured, setColoured] = useState<{ readonly code: string; readonly nodes: ReactNode }>();
  useEffect(() => {
    if (language === '' || code.length > longest) return;
    let isOver = false;
    void import('./highlight.ts').then(
      ({ highlight }) => {
        const nodes = highlight(code, language);
        if (!isOver && nodes !== undefined) setColoured({ code, nodes });
      },
      () => {},
    );
    return () => {
      isOver = true;
    };
  }, [code, language]);
  return coloured?.code === code ? coloured.nodes : code;
}
