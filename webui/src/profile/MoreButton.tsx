import { useProfileStrings } from '../lib/strings/profile';

interface Props {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> };
}

/** Loads the next page of a list, if there is one. */
export function MoreButton({ query }: Props) {
  const t = useProfileStrings();
  if (!query.hasNextPage) return null;
  return (
    <div className="list-more">
      <button
        type="button"
        className="btn btn-sm btn-outline-primary"
        disabled={query.isFetchingNextPage}
        onClick={() => void query.fetchNextPage()}
      >
        {query.isFetchingNextPage ? t.loadingMore : t.more}
      </button>
    </div>
  );
}
