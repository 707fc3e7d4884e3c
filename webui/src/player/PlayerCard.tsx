import { userIdProblem } from '../lib/input';
import { showPlayer, usePlayerParam } from '../lib/location';
import { useStrings } from '../lib/strings';
import { Button } from '../ui/Button';
import { Card } from '../ui/Card';
import { PlayerDetails } from './PlayerDetails';
import { PlayerSearch } from './PlayerSearch';
import '../styles/forms.scss';

export function PlayerCard() {
  const t = useStrings();
  const param = usePlayerParam();
  return (
    <Card
      id="player-title"
      title={t.player.title}
      actions={
        param !== null && (
          <Button
            variant="link"
            className="btn-sm"
            onClick={() => {
              showPlayer(null);
            }}
          >
            {t.player.clear}
          </Button>
        )
      }
    >
      <div className="card-body">
        <PlayerSearch param={param ?? ''} />
        {param !== null && userIdProblem(param) === undefined && <PlayerDetails key={param} userId={Number(param)} />}
      </div>
    </Card>
  );
}
