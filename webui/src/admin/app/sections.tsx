import type { Scope } from '../api/scopes';
import { BoardsPage } from '../boards/BoardsPage';
import { HealthPage } from '../health/HealthPage';
import { KeysPage } from '../keys/KeysPage';
import { ModerationPage } from '../moderation/ModerationPage';
import { PlayersPage } from '../players/PlayersPage';
import { RejectedPage } from '../rejected/RejectedPage';

export interface Section {
  /** In the address. */
  name: string;
  title: string;
  /** What the API key must be allowed. */
  scope: Scope;
  Page: React.ComponentType;
}

/** In the order of the navigation. service/http/webui.py serves the same names. */
export const SECTIONS: readonly Section[] = [
  { name: 'boards', title: 'Boards', scope: 'moderate', Page: BoardsPage },
  { name: 'players', title: 'Players', scope: 'moderate', Page: PlayersPage },
  { name: 'moderation', title: 'Moderation', scope: 'moderate', Page: ModerationPage },
  { name: 'rejected', title: 'Rejected submissions', scope: 'moderate', Page: RejectedPage },
  { name: 'keys', title: 'API keys', scope: 'keys', Page: KeysPage },
  { name: 'health', title: 'Health', scope: 'moderate', Page: HealthPage },
];
