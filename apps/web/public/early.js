// Before anything is painted: the theme and the language that were chosen here, so that nothing flashes.
try {
  const theme = localStorage.getItem('mcb.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  const language = localStorage.getItem('mcb.language') ?? navigator.language;
  document.documentElement.lang = language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
} catch {
  // A browser that keeps nothing: what it prefers by itself is fine.
}

// What the page at this address is made of comes with the program, not after it.
try {
  const parts = JSON.parse(document.currentScript?.dataset.parts ?? '{}');
  for (const file of parts[location.pathname.split('/')[1] ?? ''] ?? []) {
    const link = document.createElement('link');
    link.rel = 'modulepreload';
    link.fetchPriority = 'low';
    link.href = `/${file}`;
    document.head.append(link);
  }
} catch {
  // They are asked for later.
}
