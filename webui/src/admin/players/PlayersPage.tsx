import { useRoute } from '../lib/route';
import { PlayerPage } from './PlayerPage';
import { PlayerSearch } from './PlayerSearch';
import { SearchResults } from './SearchResults';

/** /admin/players?find=ada, and a player at /admin/players/7 or /admin/players/steam%3A765. */
export function PlayersPage() {
  const { item, query } = useRoute();
  const text = query.get('find')?.trim() ?? '';
  return (
    <>
      <PlayerSearch key={text} text={text} isShort={item !== null} />
      {item !== null ? <PlayerPage key={item} reference={item} /> : text !== '' && <SearchResults text={text} />}
    </>
  );
}
