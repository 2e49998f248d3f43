// Before anything is painted: the theme and the language that were chosen here, so that nothing flashes.
try {
  const theme = localStorage.getItem('mcb.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  const language = localStorage.getItem('mcb.language') ?? navigator.language;
  document.documentElement.lang = language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
} catch {
  // A browser that keeps nothing: what it prefers by itself is fine.
}

// What the page at this address is made of, and what it shows, come with the program, not after it.
try {
  const pages = JSON.parse(document.currentScript?.dataset.pages ?? '{}');
  const { parts = [], calls = [] } = pages[location.pathname.split('/')[1] ?? ''] ?? {};
  window.earlyAnswers = new Map(calls.map((path) => [path, fetch(path)]));
  // Who takes an answer hears of its failure; if nobody does, it is nobody's concern.
  for (const answer of window.earlyAnswers.values()) answer.catch(() => {});
  for (const file of parts) {
    const link = document.createElement('link');
    link.rel = 'modulepreload';
    link.fetchPriority = 'low';
    link.href = `/${file}`;
    document.head.append(link);
  }
} catch {
  // They are asked for later.
}
