import { useErrorWords } from '../i18n/errors.ts';
import { useToast } from '../ui/toast.tsx';

/** @returns tells in passing that something did not work, and why */
export function useSayError(): (error: unknown) => void {
  const errorWords = useErrorWords();
  const toast = useToast();
  return (error) => {
    const { title, detail } = errorWords(error);
    toast({ tone: 'danger', text: detail === undefined ? title : `${title} ${detail}` });
  };
}
