import { number } from '../lib/format';
import { useStrings } from '../lib/strings';

const METALS: Readonly<Record<number, string>> = { 1: 'gold', 2: 'silver', 3: 'bronze' };

/** A rank, as a medal for ranks 1 to 3. Tied players get the same medal. */
export function Medal({ rank }: { rank: number }) {
  const t = useStrings();
  const metal = METALS[rank];
  if (!metal) return <span className="plain-rank">{number(rank)}</span>;
  return (
    <span className={`medal ${metal}`}>
      <svg viewBox="0 0 36 44" aria-hidden="true">
        <path className="ribbon" d="M9 0h7l4 14h-7zM27 0h-7l-4 14h7z" />
        <circle className="rim" cx="18" cy="27" r="16" />
        <circle className="face" cx="18" cy="27" r="12.5" />
      </svg>
      <span className="medal-rank">{rank}</span>
      <span className="visually-hidden">, {t.board.medals[rank - 1]}</span>
    </span>
  );
}
