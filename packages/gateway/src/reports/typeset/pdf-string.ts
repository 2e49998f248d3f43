/** A text as a PDF takes it (UTF-16, big end first, in hexadecimal digits): nothing in it can mean anything. */
export const pdfText = (text: string): string => {
  const bytes = Buffer.from(text, 'utf16le').swap16();
  return `<FEFF${bytes.toString('hex').toUpperCase()}>`;
};

/** An address as a PDF takes it: bytes in hexadecimal digits. */
export const pdfAddress = (url: string): string =>
  `<${Buffer.from(new URL(url).href, 'utf8').toString('hex').toUpperCase()}>`;
