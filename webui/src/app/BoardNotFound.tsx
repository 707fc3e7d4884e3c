import { useLiveBoards } from '../api/boards';
import { useStrings } from '../lib/strings';
import { BoardLinks } from './BoardLinks';

/** Becomes the board's page as soon as the board is created. */
export function BoardNotFound({ name }: { name: string }) {
  const t = useStrings();
  const boards = useLiveBoards().data ?? [];
  return (
    <main className="container message-page">
      <h1>{t.app.noSuchBoard(name)}</h1>
      <p>{t.app.availableBoards}</p>
      <BoardLinks boards={boards} current={name} />
    </main>
  );
}
