import { useLiveBoards } from '../api/boards';
import { BoardLinks } from './BoardLinks';

/** Becomes the board's page as soon as the board is created. */
export function BoardNotFound({ name }: { name: string }) {
  const boards = useLiveBoards().data ?? [];
  return (
    <main className="container message-page">
      <h1>There is no board {name}</h1>
      <p>Available boards:</p>
      <BoardLinks boards={boards} current={name} />
    </main>
  );
}
