import { showPlayer } from '../lib/location';

interface Props {
  userId: number;
  title?: string;
  children: React.ReactNode;
}

/** A player's name, which looks the player up. */
export function PlayerButton({ userId, title, children }: Props) {
  return (
    <button
      type="button"
      className="player-name"
      title={title}
      onClick={() => {
        showPlayer(userId);
      }}
    >
      {children}
    </button>
  );
}
