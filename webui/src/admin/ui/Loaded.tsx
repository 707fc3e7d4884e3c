import { needsKey } from '../../api/errors';
import { useLastError } from '../../api/useLastError';
import { ErrorMessage } from '../../ui/ErrorMessage';
import { Notice } from '../../ui/Notice';

interface Query<Data> {
  data: Data | undefined;
  error: Error | null;
  isSuccess: boolean;
  refetch: () => unknown;
}

interface Props<Data> {
  query: Query<Data>;
  /** What is loaded, in the plural or as a mass: "The acts". */
  what: string;
  children: (data: Data) => React.ReactNode;
}

/** What a query loaded; before that placeholders, and an error with a button if it fails. */
export function Loaded<Data>({ query, what, children }: Props<Data>) {
  const { data, refetch } = query;
  const error = useLastError(query);
  const retry = (
    <button type="button" className="btn btn-sm btn-outline-primary" onClick={() => void refetch()}>
      Try again
    </button>
  );
  if (data !== undefined) {
    return (
      <>
        {error && (
          <Notice variant="warning" className="mx-body">
            {what} could not be refreshed. <ErrorMessage error={error}>{retry}</ErrorMessage>
          </Notice>
        )}
        {children(data)}
      </>
    );
  }
  if (error) {
    return (
      <div className="empty" role="alert">
        <p className="empty-title">{what} could not be loaded</p>
        <p>
          <ErrorMessage error={error} />
        </p>
        {!needsKey(error) && retry}
      </div>
    );
  }
  return (
    <div className="loading" aria-busy="true">
      <span className="visually-hidden">Loading&hellip;</span>
      <span className="placeholder" />
      <span className="placeholder" />
      <span className="placeholder" />
    </div>
  );
}

/** Shown in place of a list without entries. */
export function Empty({ title, children }: { title: string; children?: React.ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children}
    </div>
  );
}
