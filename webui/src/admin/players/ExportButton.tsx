import { useMutation } from '@tanstack/react-query';
import { ErrorMessage } from '../../ui/ErrorMessage';
import { announce } from '../../ui/LiveRegion';

interface Props {
  userId: number;
  load: (userId: number) => Promise<unknown>;
}

/** Saves everything that is stored about a player as a file. */
export function ExportButton({ userId, load }: Props) {
  const exporting = useMutation({
    mutationFn: load,
    onSuccess: (document) => {
      save(JSON.stringify(document, null, 2), `player-${userId}.json`);
      announce('The export was saved.');
    },
  });
  return (
    <>
      <button
        type="button"
        className="btn btn-sm btn-outline-primary"
        disabled={exporting.isPending}
        onClick={() => {
          exporting.mutate(userId);
        }}
      >
        {exporting.isPending ? 'Exporting\u2026' : 'Export'}
      </button>
      {exporting.isError && (
        <span className="field-problem" role="alert">
          The export failed. <ErrorMessage error={exporting.error} />
        </span>
      )}
    </>
  );
}

function save(text: string, name: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The download has begun when the click returns.
  setTimeout(() => {
    URL.revokeObjectURL(address);
  });
}
