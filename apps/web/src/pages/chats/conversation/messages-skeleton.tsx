import { common } from '../../../i18n/common.ts';
import { useWords } from '../../../settings/settings.tsx';
import { Skeleton } from '../../../ui/states.tsx';

export function MessagesSkeleton() {
  const words = useWords(common);
  return (
    <div
      role="status"
      aria-label={words.loading}
      className="flex min-h-0 flex-1 flex-col justify-end overflow-hidden px-4 py-4 md:px-5"
    >
      <div className="mx-auto flex w-full max-w-[46rem] flex-col gap-6">
        {['a', 'b', 'c'].map((key) => (
          <div key={key} className="flex flex-col gap-3">
            <Skeleton className="h-10 w-1/2 self-end rounded-xl" />
            <Skeleton className="h-4 w-4/5" />
            <Skeleton className="h-4 w-3/5" />
          </div>
        ))}
      </div>
    </div>
  );
}
